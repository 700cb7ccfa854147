using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>
/// Verifies the signatures of messages (RFC 9421 §3.2). What is cheap comes first and what changes something last: parsing,
/// policy, key, signature, digest, and only then is the nonce used up.
/// </summary>
/// <remarks>Safe to use from any thread.</remarks>
public sealed class HttpMessageVerifier
{
    private const int MaxSignatures = 8;

    private readonly SignerKeys keys;
    private readonly SignatureCheck check;
    private readonly NonceCheck nonces;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly SignatureInstruments instruments;

    /// <summary>Makes a verifier.</summary>
    /// <param name="keys">Finds the keys of signers.</param>
    /// <param name="nonces">Remembers nonces; needed by every policy that requires them.</param>
    /// <param name="options">What the verifier is.</param>
    /// <param name="timeProvider">The clock; the system's when not given.</param>
    /// <param name="logger">Is told why messages are refused.</param>
    /// <param name="meterFactory">Makes the meter; without it a static one is used.</param>
    public HttpMessageVerifier(
        IKeyResolver keys,
        INonceStore? nonces = null,
        HttpMessageVerifierOptions? options = null,
        TimeProvider? timeProvider = null,
        ILogger<HttpMessageVerifier>? logger = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        options ??= new HttpMessageVerifierOptions();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? (ILogger)NullLogger.Instance;
        this.keys = new SignerKeys(keys, options.KeyDirectories, this.logger);
        check = new SignatureCheck(this.keys, options.SharedKeys);
        this.nonces = new NonceCheck(nonces, options.Name, this.logger);
        instruments = SignatureInstruments.Create(meterFactory);
    }

    /// <summary>Verifies a message.</summary>
    /// <param name="message">The message; its body is read only if its signature is valid.</param>
    /// <param name="policy">What counts; <see cref="SignaturePolicy.Default"/> when not given.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result. Anything wrong with the message, and a source of keys or nonces that fails, is an error in it.</returns>
    /// <exception cref="InvalidOperationException">The policy requires nonces, or keys from directories, and this verifier has no store for the ones or no client for the others.</exception>
    public async ValueTask<SignatureVerificationResult> VerifyAsync(
        SignatureContext message, SignaturePolicy? policy = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        policy ??= SignaturePolicy.Default;
        if (policy.RequireNonce && !message.IsResponse)
        {
            nonces.RequireStore(policy);
        }

        keys.RequireSource(policy);
        long started = timeProvider.GetTimestamp();
        SignatureVerificationResult result = await VerifyCoreAsync(message, policy, cancellationToken).ConfigureAwait(false);
        instruments.Verified(message.IsResponse, result, timeProvider.GetElapsedTime(started));
        if (!result.IsValid)
        {
            Log.Refused(logger, message.IsResponse ? "response" : "request", policy.Name, result.Error, result.Detail);
        }

        return result;
    }

    private async ValueTask<SignatureVerificationResult> VerifyCoreAsync(SignatureContext message, SignaturePolicy policy, CancellationToken cancellationToken)
    {
        SignatureError error = TryParse(message, out StructuredField? inputs, out StructuredField? signatures);
        if (error != SignatureError.None)
        {
            return SignatureVerificationResult.Invalid(error);
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        int only = policy.Match == SignatureMatch.First ? FirstLabel(inputs!, policy) : -1;
        SignatureVerificationResult failure = SignatureVerificationResult.Invalid(SignatureError.SignatureNotFound);
        bool failed = false;
        VerifiedSignature? first = null;
        List<VerifiedSignature>? all = null;
        for (int i = 0; i < inputs!.Count; i++)
        {
            if ((only >= 0 && i != only) || (policy.Label is { } label && !inputs[i].Key.Equals(label, StringComparison.Ordinal)))
            {
                continue;
            }

            error = ReceivedSignature.TryRead(inputs, i, signatures!, out ReceivedSignature received);
            if (error == SignatureError.None && !IsAskedFor(received.Parameters, policy))
            {
                continue;
            }

            CheckedSignature outcome = error == SignatureError.None
                ? await check.CheckAsync(message, policy, received, now, cancellationToken).ConfigureAwait(false)
                : new CheckedSignature(error, null, null);
            if (outcome.Signature is null)
            {
                failure = failed ? failure : SignatureVerificationResult.Invalid(outcome.Error, outcome.Detail);
                failed = true;
                if (policy.Match == SignatureMatch.All)
                {
                    return failure;
                }

                continue;
            }

            if (policy.Match != SignatureMatch.All)
            {
                first = outcome.Signature;
                break;
            }

            (all ??= []).Add(outcome.Signature);
        }

        IReadOnlyList<VerifiedSignature>? verified = first is null ? all : [first];
        return verified is null ? failure : await FinishAsync(message, policy, verified, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the two fields of a message.</summary>
    internal static SignatureError TryParse(SignatureContext message, out StructuredField? inputs, out StructuredField? signatures)
    {
        inputs = null;
        signatures = null;
        StringValues inputLines = message.Field("signature-input");
        StringValues signatureLines = message.Field("signature");
        if (inputLines.Count == 0 && signatureLines.Count == 0)
        {
            return SignatureError.NotSigned;
        }

        if (!FieldLine.TryParse(StructuredFieldType.Dictionary, inputLines, StructuredFieldLimits.Default, out inputs))
        {
            return SignatureError.MalformedSignatureInput;
        }

        if (!FieldLine.TryParse(StructuredFieldType.Dictionary, signatureLines, StructuredFieldLimits.Default, out signatures))
        {
            return SignatureError.MalformedSignature;
        }

        if (inputs.HasDuplicateKeys || signatures.HasDuplicateKeys)
        {
            return SignatureError.DuplicateLabel;
        }

        // Which of two values would another reader take? Refused for all, since the text is signed as a whole.
        if (inputs.HasDuplicateParameters)
        {
            return SignatureError.InvalidParameter;
        }

        return inputs.Count > MaxSignatures || signatures.Count > MaxSignatures ? SignatureError.TooManySignatures : SignatureError.None;
    }

    /// <summary>The label that counts when it is the first one that does; -1 when the policy names one.</summary>
    internal static int FirstLabel(StructuredField inputs, SignaturePolicy policy)
    {
        int first = -1;
        for (int i = 0; policy.Label is null && i < inputs.Count; i++)
        {
            // One that cannot be read may be the one that is asked for: it is not passed over.
            bool isCandidate = (policy.Tag is null && policy.KeyId is null)
                || !SignatureParameters.TryRead(inputs[i], out SignatureParameters parameters)
                || IsAskedFor(parameters, policy);
            if (isCandidate && (first < 0 || inputs[i].Key.CompareTo(inputs[first].Key, StringComparison.Ordinal) < 0))
            {
                first = i;
            }
        }

        return first;
    }

    internal static bool IsAskedFor(in SignatureParameters parameters, SignaturePolicy policy) =>
        (policy.Tag is null || string.Equals(policy.Tag, parameters.Tag, StringComparison.Ordinal))
        && (policy.KeyId is null || string.Equals(policy.KeyId, parameters.KeyId, StringComparison.Ordinal));

    private async ValueTask<SignatureVerificationResult> FinishAsync(
        SignatureContext message, SignaturePolicy policy, IReadOnlyList<VerifiedSignature> verified, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SignatureError error = await BodyCheck.CheckAsync(message, policy, verified, cancellationToken).ConfigureAwait(false);
        if (error == SignatureError.None && !message.IsResponse)
        {
            // A response is bound to the request that asked for it, so it cannot be replayed to another one.
            error = await nonces.ConsumeAsync(policy, verified, now, cancellationToken).ConfigureAwait(false);
        }

        return error == SignatureError.None ? SignatureVerificationResult.Valid(verified) : SignatureVerificationResult.Invalid(error);
    }
}
