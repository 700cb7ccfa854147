using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto;
using Sage.HttpSignatures;
using Sage.HttpSignatures.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.Cli;

/// <summary>
/// Takes the verification of a message apart, with the verifier's own steps: unlike it, it goes on after the first that fails.
/// </summary>
internal sealed class SignatureExplainer(Verification verification)
{
    private readonly SignaturePolicy policy = verification.Policy;
    private readonly SignatureContext message = verification.Message.Context;
    private readonly DateTimeOffset now = verification.Time.GetUtcNow();

    /// <summary>Explains every label; none if the two fields cannot be read, which the verdict then says.</summary>
    public async Task<IReadOnlyList<ExplainedSignature>> ExplainAsync(CancellationToken cancellationToken)
    {
        if (HttpMessageVerifier.TryParse(message, out StructuredField? inputs, out StructuredField? signatures) != SignatureError.None)
        {
            return [];
        }

        List<ExplainedSignature> explained = [];
        int only = policy.Match == SignatureMatch.First ? HttpMessageVerifier.FirstLabel(inputs!, policy) : -1;
        for (int i = 0; i < inputs!.Count; i++)
        {
            bool counts = (only < 0 || i == only) && (policy.Label is null || inputs[i].Key.Equals(policy.Label, StringComparison.Ordinal));
            explained.Add(await ExplainAsync(inputs, i, signatures!, counts, cancellationToken));
        }

        return explained;
    }

    private async Task<ExplainedSignature> ExplainAsync(StructuredField inputs, int index, StructuredField signatures, bool counts, CancellationToken cancellationToken)
    {
        SignatureError error = ReceivedSignature.TryRead(inputs, index, signatures, out ReceivedSignature received);
        ExplainedSignature explained = new(inputs[index].Key.ToString(), counts && (error != SignatureError.None || HttpMessageVerifier.IsAskedFor(received.Parameters, policy)));
        foreach (StructuredValue parameter in inputs[index].Parameters)
        {
            explained.Parameters.Add((parameter.Key.ToString(), parameter.ReceivedText.ToString()));
        }

        Add(explained, CheckName.Syntax, error);
        SignatureComponent[] components = [];
        if (error == SignatureError.None)
        {
            error = received.ReadComponents(out components);
            Add(explained, CheckName.Components, error, error == SignatureError.None ? $"{components.Length} covered" : null);
        }

        if (error != SignatureError.None)
        {
            string[] skipped = [CheckName.Components, CheckName.Times, CheckName.Coverage, CheckName.Signer, CheckName.Key, CheckName.Base, CheckName.Algorithm, CheckName.Signature, CheckName.Digest];
            explained.Checks.AddRange(skipped.Skip(explained.Checks.Count - 1).Select(name => new ExplainedCheck(name, null)));
            return explained;
        }

        SignatureParameters parameters = received.Parameters;
        error = PolicyCheck.CheckTimes(policy, parameters, now, out string? detail);
        Add(explained, CheckName.Times, error, error == SignatureError.None ? CheckAdvice.Times(parameters, now) : detail);
        ExplainCoverage(explained, components, parameters);
        error = SignatureCheck.CheckKeyId(policy, message, parameters);
        Add(explained, CheckName.Signer, error, error == SignatureError.WrongAgent ? $"X-SAGE-DID is '{message.Field(SageFields.LowerDid)}', the keyid '{parameters.KeyId}'" : parameters.KeyId);

        KeyResolution? resolution = await ResolveAsync(explained, parameters.KeyId, components, cancellationToken);
        byte[]? signatureBase = WriteBase(explained, received, components);
        ExplainSignature(explained, received, components, resolution?.Keys ?? [], signatureBase);
        await ExplainDigestAsync(explained, components, parameters, cancellationToken);
        return explained;
    }

    /// <summary>Everything that is missing: each finding is taken as mended, and the rule asked again.</summary>
    private void ExplainCoverage(ExplainedSignature explained, SignatureComponent[] components, SignatureParameters parameters)
    {
        SignatureComponent digest = SignatureComponent.Field(ContentDigest.LowerName);
        List<SignatureComponent> mended = [.. components];
        List<string> advice = [];
        SignatureError first = SignatureError.None;
        for (; ; )
        {
            SignatureError error = PolicyCheck.CheckCoverage(policy, message, mended.ToArray(), parameters, out string? detail);
            if (error == SignatureError.None)
            {
                break;
            }

            first = first == SignatureError.None ? error : first;
            advice.Add(error is SignatureError.ComponentNotCovered or SignatureError.DigestNotCovered ? $"cover {detail ?? digest.Identifier}" : CheckAdvice.For(error));
            if (error == SignatureError.NonceMissing)
            {
                parameters.Nonce = "mended";
            }
            else if (error is SignatureError.ComponentNotCovered or SignatureError.DigestNotCovered)
            {
                mended.Add(detail is null ? digest : SignatureComponent.Parse(detail));
            }
            else
            {
                break;
            }
        }

        explained.Checks.Add(new ExplainedCheck(CheckName.Coverage, first, null, advice.Count == 0 ? null : string.Join("; ", advice)));
    }

    private async Task<KeyResolution?> ResolveAsync(ExplainedSignature explained, string? keyId, SignatureComponent[] components, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(keyId))
        {
            explained.Checks.Add(new ExplainedCheck(CheckName.Key, null));
            return null;
        }

        SignerKeys keys = new(verification.Keys, verification.Directories, NullLogger.Instance);
        (SignatureError error, KeyResolution? resolution) = await keys.FindAsync(message, policy, keyId, components, now, cancellationToken);
        string? found = error == SignatureError.None
            ? $"{string.Join(", ", resolution!.Keys.Select(key => key.Algorithm.Name))} of {resolution.Subject} ({resolution.Source})"
            : null;
        Add(explained, CheckName.Key, error, found);
        return error == SignatureError.None ? resolution : null;
    }

    private byte[]? WriteBase(ExplainedSignature explained, in ReceivedSignature received, SignatureComponent[] components)
    {
        byte[]? written = null;
        SignatureBaseWriter whole = default;
        SignatureBaseBuilder.Write(components, received.ReceivedText, message, policy, ref whole);
        SignatureError error = whole.Error;
        if (error == SignatureError.None)
        {
            written = whole.Written.ToArray();
            explained.Base.AddRange(Encoding.ASCII.GetString(written).Split('\n').Select(line => (line, (string?)null)));
        }

        whole.Dispose();
        if (error == SignatureError.None)
        {
            Add(explained, CheckName.Base, error, $"{components.Length + 1} lines");
            return written;
        }

        List<string> advice = [];
        foreach (SignatureComponent component in components)
        {
            SignatureBaseWriter line = default;
            ComponentValue.Write(component, message, policy, ref line);
            string value = line.Error == SignatureError.None ? Encoding.ASCII.GetString(line.Written.Span) : "";
            explained.Base.Add((component.Identifier + ": " + value, line.Error == SignatureError.None ? null : line.Error.ToString()));
            if (line.Error != SignatureError.None)
            {
                advice.Add($"{component.Identifier}: {CheckAdvice.For(line.Error)}");
            }

            line.Dispose();
        }

        explained.Base.Add(($"\"@signature-params\": {received.ReceivedText}", null));
        explained.Checks.Add(new ExplainedCheck(CheckName.Base, error, null, advice.Count == 0 ? CheckAdvice.For(error) : string.Join("; ", advice)));
        return null;
    }

    private void ExplainSignature(
        ExplainedSignature explained, in ReceivedSignature received, SignatureComponent[] components, IReadOnlyList<PublicKey> candidates, byte[]? signatureBase)
    {
        if (candidates.Count == 0)
        {
            explained.Checks.Add(new ExplainedCheck(CheckName.Algorithm, null));
            explained.Checks.Add(new ExplainedCheck(CheckName.Signature, null));
            return;
        }

        Span<byte> signature = stackalloc byte[SignatureCheck.LongestSignature];
        SignatureError fit = SignatureError.None;
        bool fits = false;
        bool verified = false;
        bool readable = received.TryGetSignature(signature, out int length);
        foreach (PublicKey candidate in candidates)
        {
            SignatureError error = SignatureCheck.Fits(policy, candidate, received.Parameters.Algorithm);
            fit = error == SignatureError.None ? fit : error;
            fits |= error == SignatureError.None;
            verified |= error == SignatureError.None && readable && signatureBase is not null && candidate.Verify(signatureBase, signature[..length]);
        }

        string kinds = string.Join(", ", candidates.Select(key => SignatureAlgorithm.NameOf(key.Algorithm) ?? key.Algorithm.Name));
        string named = received.Parameters.Algorithm is { } alg ? $"alg is '{alg}', the key's algorithm {kinds}" : $"the key's algorithm is {kinds}";
        Add(explained, CheckName.Algorithm, fits ? SignatureError.None : fit, named);
        if (!fits || (signatureBase is null && readable))
        {
            explained.Checks.Add(new ExplainedCheck(CheckName.Signature, null));
            return;
        }

        string covered = string.Join(' ', components.Select(component => component.Identifier));
        explained.Checks.Add(new ExplainedCheck(
            CheckName.Signature,
            verified ? SignatureError.None : SignatureError.BadSignature,
            readable ? $"{length} bytes" : "more bytes than any signature has",
            verified ? null : $"either another key made it, or one of these differs from what was signed: {covered}, or its parameters"));
    }

    private async Task ExplainDigestAsync(ExplainedSignature explained, SignatureComponent[] components, SignatureParameters parameters, CancellationToken cancellationToken)
    {
        VerifiedSignature signature = new(explained.Label, "", parameters.KeyId ?? "", null, "", components);
        SignatureError error = await BodyCheck.CheckAsync(message, policy, [signature], cancellationToken);
        ReadOnlyMemory<byte> body = verification.Message.Raw.Body;
        string? note = signature.Covers(SignatureComponent.Field(ContentDigest.LowerName)) ? null : body.IsEmpty ? "no body" : "not covered";
        if (error == SignatureError.DigestMismatch)
        {
            string field = message.Field(ContentDigest.LowerName).ToString();
            DigestAlgorithm[] algorithms = [.. Enum.GetValues<DigestAlgorithm>().Where(algorithm => field.Contains(ContentDigest.KeyOf(algorithm), StringComparison.Ordinal))];
            note = $"the body's is {ContentDigest.Compute(body.Span, algorithms)}, the field says {field}";
        }

        Add(explained, CheckName.Digest, error, note);
    }

    private static void Add(ExplainedSignature explained, string name, SignatureError error, string? note = null) =>
        explained.Checks.Add(new ExplainedCheck(name, error, note, error == SignatureError.None ? null : CheckAdvice.For(error)));
}
