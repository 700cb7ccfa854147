using System.Net;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>How a request is signed again after a response that asks for it (RFC 9421 §5).</summary>
/// <param name="Overrides">How it is signed.</param>
/// <param name="Digest">The digest that is liked better; null for the usual one.</param>
internal sealed record ChallengeAnswer(SigningOverrides Overrides, DigestAlgorithm? Digest)
{
    private const int LongestNonce = 1024;

    // For a signature that shall expire when the own policy sends no such time.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromSeconds(60);

    /// <summary>The answer; null if the response asks for nothing, for what we are not or do not, or for what it was given.</summary>
    public static ChallengeAnswer? To(HttpResponseMessage response, HttpMessageSigner signer, SigningOverrides? own, AddedFields sent)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return null;
        }

        SignatureContext challenge = SignatureContext.ForResponse(response);
        StringValues lines = challenge.Field("accept-signature");
        if (lines.Count == 0 || !AcceptSignature.TryParse(lines, out IReadOnlyList<AcceptSignature>? wanted))
        {
            return null;
        }

        DigestAlgorithm? digest = WantContentDigest.TryParse(challenge.Field("want-content-digest"), out DigestAlgorithm? liked) ? liked : null;
        bool otherDigest = digest is not null && digest != signer.Options.Digest && sent.ValueOf(ContentDigest.FieldName) is not null;
        SignaturePolicy policy = own?.Policy ?? signer.Policy;
        foreach (AcceptSignature asked in wanted)
        {
            if (IsForUs(asked, signer, policy, own))
            {
                return otherDigest || !IsGiven(asked, sent.ValueOf(SignatureFields.InputName))
                    ? new ChallengeAnswer(Merge(asked, policy, own), digest)
                    : null;
            }
        }

        return null;
    }

    private static bool IsForUs(AcceptSignature asked, HttpMessageSigner signer, SignaturePolicy policy, SigningOverrides? own) =>
        Agrees(asked.Algorithm, signer.AlgorithmName)
        && Agrees(asked.KeyId, signer.KeyId)
        && Agrees(asked.Label, own?.Label ?? policy.Label)
        && Agrees(asked.Tag, own?.Tag ?? policy.Tag)
        && Agrees(asked.Nonce, own?.Nonce)
        && asked.Nonce is not { Length: 0 or > LongestNonce };

    // What one side leaves open, the other decides.
    private static bool Agrees(string? asked, string? own) => asked is null || own is null || string.Equals(asked, own, StringComparison.Ordinal);

    private static bool IsGiven(AcceptSignature asked, string? signatureInput)
    {
        if (signatureInput is null
            || !FieldLine.TryParse(StructuredFieldType.Dictionary, signatureInput, StructuredFieldLimits.Default, out StructuredField? field)
            || !field.TryGetMember(asked.Label, out StructuredValue given)
            || !SignatureParameters.TryRead(given, out SignatureParameters parameters)
            || !ReceivedSignature.TryReadComponents(given, out SignatureComponent[] components))
        {
            return false;
        }

        return asked.Components.All(components.Contains)
            && (!asked.Expires || parameters.Expires is not null)
            && (asked.Nonce is null || asked.Nonce == parameters.Nonce)
            && (asked.Tag is null || asked.Tag == parameters.Tag);
    }

    private static SigningOverrides Merge(AcceptSignature asked, SignaturePolicy policy, SigningOverrides? own)
    {
        SigningOverrides start = own ?? new SigningOverrides();
        return start with
        {
            Policy = asked.Expires && policy.Lifetime is null ? policy with { Lifetime = UsualLifetime } : start.Policy,
            AdditionalComponents = [.. start.AdditionalComponents, .. asked.Components],
            Nonce = asked.Nonce ?? start.Nonce,
            Label = asked.Label,
            Tag = asked.Tag ?? start.Tag,
        };
    }
}
