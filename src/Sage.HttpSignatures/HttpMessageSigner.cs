using System.Buffers.Text;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Sage.Crypto;
using Sage.HttpSignatures.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>Signs messages (RFC 9421 §3.1) with one key, in the form a policy gives.</summary>
/// <remarks>Safe to use from any thread, if the <see cref="ISigner"/> is.</remarks>
public sealed class HttpMessageSigner
{
    internal const int MaxKeyIdLength = 512;

    private const int NonceSize = 16;
    private const int LongestNonce = 1024;

    private readonly MessageKey key;
    private readonly HttpMessageSignerOptions options;
    private readonly TimeProvider timeProvider;
    private readonly SignatureInstruments instruments;

    /// <summary>Makes a signer.</summary>
    /// <param name="signer">Signs.</param>
    /// <param name="keyId">What verifiers find the key by: a DID, or a DID URL that names the key; at most 512 printable ASCII characters.</param>
    /// <param name="policy">What signatures look like; <see cref="SignaturePolicy.Default"/> when not given.</param>
    /// <param name="options">How it signs.</param>
    /// <param name="timeProvider">The clock; the system's when not given.</param>
    /// <param name="meterFactory">Makes the meter; without it a static one is used.</param>
    /// <exception cref="ArgumentException">The policy does not accept the algorithm of the key, or the key id cannot be written.</exception>
    public HttpMessageSigner(
        ISigner signer,
        string keyId,
        SignaturePolicy? policy = null,
        HttpMessageSignerOptions? options = null,
        TimeProvider? timeProvider = null,
        IMeterFactory? meterFactory = null)
        : this(new MessageKey(signer ?? throw new ArgumentNullException(nameof(signer))), keyId, policy ?? SignaturePolicy.Default, options, timeProvider, meterFactory)
    {
    }

    /// <summary>Makes a signer with a shared secret (<c>hmac-sha256</c>), which no policy accepts unless <see cref="SignaturePolicy.AllowHmac"/> is set.</summary>
    /// <param name="secret">The secret; the caller keeps and disposes it.</param>
    /// <param name="keyId">The name both sides know the secret by; at most 512 printable ASCII characters.</param>
    /// <param name="policy">What signatures look like.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="ArgumentException">The policy does not accept shared secrets, or the key id cannot be written.</exception>
    public HttpMessageSigner(HmacKey secret, string keyId, SignaturePolicy policy, TimeProvider timeProvider)
        : this(
            new MessageKey(secret ?? throw new ArgumentNullException(nameof(secret))),
            keyId,
            policy ?? throw new ArgumentNullException(nameof(policy)),
            null,
            timeProvider,
            null)
    {
    }

    private HttpMessageSigner(
        MessageKey key, string keyId, SignaturePolicy policy, HttpMessageSignerOptions? options, TimeProvider? timeProvider, IMeterFactory? meterFactory)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        if (keyId.Length > MaxKeyIdLength || keyId.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"A key id has at most {MaxKeyIdLength} printable ASCII characters.", nameof(keyId));
        }

        this.key = key;
        this.options = options ?? new HttpMessageSignerOptions();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        instruments = SignatureInstruments.Create(meterFactory);
        KeyId = keyId;
        Policy = policy;
        RequireAlgorithm(Policy);
        RequireAgent(Policy);
    }

    /// <summary>What verifiers find the key by.</summary>
    public string KeyId { get; }

    /// <summary>What signatures look like unless a message overrides it.</summary>
    public SignaturePolicy Policy { get; }

    internal ISigner? Signer => key.Signer;

    internal HttpMessageSignerOptions Options => options;

    internal string AlgorithmName => key.AlgorithmName;

    internal TimeProvider TimeProvider => timeProvider;

    /// <summary>
    /// Signs a message as it is: every field it covers must be there, <c>Content-Digest</c> included if there is a body
    /// (<see cref="ContentDigest.Compute"/>).
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="overrides">What is different for this message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The two fields to add to the message, or to append to those that are there.</returns>
    /// <exception cref="SignatureException">Something that must be covered is missing or cannot be signed.</exception>
    /// <exception cref="ArgumentException">An override cannot be written, or its policy does not accept the algorithm of the key.</exception>
    public async ValueTask<SignatureFields> SignAsync(SignatureContext message, SigningOverrides? overrides = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        SignaturePolicy policy = overrides?.Policy ?? Policy;
        RequireAlgorithm(policy);
        RequireAgent(policy);
        long started = timeProvider.GetTimestamp();
        string? failure = null;
        SignatureBaseWriter writer = default;
        try
        {
            string label = LabelOf(policy, overrides);
            List<SignatureComponent> components = Coverage.Of(policy, message, overrides);
            if (policy.KeysFromSignatureAgent && !message.IsResponse)
            {
                Coverage.AddAgent(components, label, options.SignatureAgentForm);
            }

            string input = WriteInput(label, components, policy, overrides, message.IsResponse);
            SignatureBaseBuilder.Write(
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(components), input.AsSpan(label.Length + 1), message, policy, ref writer);
            if (writer.Error != SignatureError.None)
            {
                throw new SignatureException(writer.Error, $"The message cannot be signed under the policy '{policy.Name}': {Explain(components, message, policy)}.");
            }

            byte[] signature = await key.SignAsync(writer.Written, cancellationToken).ConfigureAwait(false);
            return new SignatureFields(label, input, WriteSignature(label, signature));
        }
        catch (Exception exception)
        {
            failure = exception is SignatureException refused ? SignatureInstruments.ErrorType(refused.Error) : exception.GetType().FullName;
            throw;
        }
        finally
        {
            writer.Dispose();
            instruments.Signed(message.IsResponse, AlgorithmName, timeProvider.GetElapsedTime(started), failure);
        }
    }

    /// <summary>
    /// Signs a request in place: adds <c>Content-Digest</c> for its body, the fields that the policy names
    /// (<c>X-SAGE-DID</c>, <c>Date</c>) and the signature. What an earlier call with this key id added is taken away first, so that a request
    /// which is sent again is signed afresh.
    /// </summary>
    /// <remarks>
    /// The body is buffered to be digested, at most <see cref="SignaturePolicy.MaxBodySize"/> bytes. A body that shall be
    /// streamed must bring its own <c>Content-Digest</c>, which is then covered as it is.
    /// </remarks>
    /// <param name="request">The request; its URI must be absolute.</param>
    /// <param name="overrides">What is different for this request.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SignatureException">The request cannot be signed; nothing of the signature was added.</exception>
    public ValueTask SignRequestAsync(HttpRequestMessage request, SigningOverrides? overrides = null, CancellationToken cancellationToken = default) =>
        RequestSigning.SignAsync(this, request, overrides, digest: null, cancellationToken);

    internal static string LabelOf(SignaturePolicy policy, SigningOverrides? overrides) => overrides?.Label ?? policy.Label ?? Coverage.UsualLabel;

    private static string WriteSignature(string label, byte[] signature) =>
        string.Create(label.Length + 3 + ((signature.Length + 2) / 3 * 4), (label, signature), static (text, made) =>
        {
            made.label.CopyTo(text);
            "=:".CopyTo(text[made.label.Length..]);
            Convert.TryToBase64Chars(made.signature, text[(made.label.Length + 2)..], out _);
            text[^1] = ':';
        });

    private static string Explain(List<SignatureComponent> components, SignatureContext message, SignaturePolicy policy)
    {
        // The components once more, one by one, to name the one that stood in the way.
        foreach (SignatureComponent component in components)
        {
            SignatureBaseWriter writer = default;
            ComponentValue.Write(component, message, policy, ref writer);
            SignatureError error = writer.Error;
            writer.Dispose();
            if (error != SignatureError.None)
            {
                return $"{component.Identifier} gives {error}";
            }
        }

        return "the signature base is too long";
    }

    private string WriteInput(string label, List<SignatureComponent> components, SignaturePolicy policy, SigningOverrides? overrides, bool isResponse)
    {
        StructuredFieldWriter writer = new(stackalloc char[2 * StructuredFieldWriter.UsualLength]);
        writer.Member(label);
        writer.OpenInnerList();
        foreach (SignatureComponent component in components)
        {
            writer.Canonical(component.Identifier);
        }

        writer.CloseInnerList();
        long created = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        writer.Parameter("keyid");
        writer.String(KeyId);
        writer.Parameter("alg");
        writer.String(AlgorithmName);
        writer.Parameter("created");
        writer.Integer(created);
        if (policy.Lifetime is { } lifetime)
        {
            writer.Parameter("expires");
            writer.Integer(created + (long)lifetime.TotalSeconds);
        }

        // A response is bound to its request, whose nonce it thereby repeats (SAGE profile P1 §3.4 sends none).
        if (!isResponse || overrides?.Nonce is not null)
        {
            WriteNonce(ref writer, overrides);
        }

        if ((overrides?.Tag ?? policy.Tag) is { } tag)
        {
            writer.Parameter("tag");
            writer.String(tag);
        }

        return writer.TryComplete(out string? text)
            ? text
            : throw new ArgumentException("The label, the nonce or the tag of the signature cannot be written as a structured field.", nameof(overrides));
    }

    private static void WriteNonce(ref StructuredFieldWriter writer, SigningOverrides? overrides)
    {
        writer.Parameter("nonce");
        if (overrides?.Nonce is { } nonce)
        {
            if (nonce.Length is 0 or > LongestNonce)
            {
                throw new ArgumentException($"A nonce has between 1 and {LongestNonce} characters.", nameof(overrides));
            }

            writer.String(nonce);
            return;
        }

        Span<byte> random = stackalloc byte[NonceSize];
        RandomNumberGenerator.Fill(random);
        Span<char> text = stackalloc char[Base64Url.GetEncodedLength(NonceSize)];
        Base64Url.EncodeToChars(random, text);
        writer.String(text);
    }

    // Verifiers find the key by its thumbprint in the directory (draft-meunier-webbotauth-httpsig-protocol-02).
    private void RequireAgent(SignaturePolicy policy)
    {
        if (policy.KeysFromSignatureAgent && (options.SignatureAgent is null || KeyId != key.Signer?.PublicKey.Thumbprint))
        {
            throw new ArgumentException(
                $"The policy '{policy.Name}' needs HttpMessageSignerOptions.SignatureAgent, and the thumbprint of the key as its key id.", nameof(policy));
        }
    }

    private void RequireAlgorithm(SignaturePolicy policy)
    {
        if (!key.IsAllowedBy(policy))
        {
            throw new ArgumentException(
                key.Signer is { } signer
                    ? $"The policy '{policy.Name}' does not accept {signer.PublicKey.Algorithm.Name}: use another key, or add the algorithm with 'policy with {{ Algorithms = … }}'."
                    : $"The policy '{policy.Name}' does not accept shared secrets: use a signing key, or 'policy with {{ AllowHmac = true }}'.",
                nameof(policy));
        }
    }
}
