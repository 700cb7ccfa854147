using System.Globalization;
using Sage.HttpSignatures;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.Cli;

/// <summary>What would have to change for a check to pass.</summary>
internal static class CheckAdvice
{
    public static string For(SignatureError error) => error switch
    {
        SignatureError.NotSigned => "sign the message: it has neither Signature-Input nor Signature",
        SignatureError.MalformedSignatureInput => "write Signature-Input as a dictionary of lists: sig1=(\"@method\");keyid=\"…\";created=…",
        SignatureError.MalformedSignature => "write Signature as a dictionary of byte sequences: sig1=:base64:",
        SignatureError.DuplicateLabel => "give each signature a label of its own",
        SignatureError.TooManySignatures => "carry at most 8 signatures",
        SignatureError.SignatureNotFound => "ask for a label, tag and key that the message has",
        SignatureError.SignatureMissing => "give Signature a member with the same label",
        SignatureError.UnknownComponent => "cover only fields, by their lower-case names, and the derived components of RFC 9421 §2.2",
        SignatureError.InvalidComponentParameter => "leave out the component parameter that is unknown, or not allowed there ('req' belongs to responses)",
        SignatureError.DuplicateComponent => "cover each component once",
        SignatureError.InvalidParameter => "write each parameter once and with its type: created and expires are integers, the others strings",
        SignatureError.ComponentMissing => "the message does not have it: send it, or do not cover it",
        SignatureError.InvalidComponentValue => "its value is not printable ASCII: cover it with 'bs', or do not cover it",
        SignatureError.AmbiguousQueryParam => "the parameter stands in the query more than once: cover @query instead",
        SignatureError.UnknownStructuredField => "its structured type is not known here: cover it without 'sf'",
        SignatureError.SignatureBaseTooLarge => "cover less: the base is longer than 128 KiB",
        SignatureError.ComponentNotCovered => "cover the component",
        SignatureError.DigestNotCovered => "cover \"content-digest\"",
        SignatureError.CreatedMissing => "add created",
        SignatureError.CreatedInFuture => "set the signer's clock, or the one here",
        SignatureError.TooOld => "sign again",
        SignatureError.ExpiresMissing => "add expires",
        SignatureError.Expired => "sign again",
        SignatureError.LifetimeTooLong => "let it expire sooner",
        SignatureError.NonceMissing => "add a nonce",
        SignatureError.KeyIdMissing => "add keyid",
        SignatureError.WrongAudience => "send it to one of the authorities the policy names",
        SignatureError.WrongAgent => "let X-SAGE-DID be the DID of the keyid, once",
        SignatureError.SignatureAgentMissing => "send and cover Signature-Agent",
        SignatureError.KeyNotFound => "name the keyid's key with --key KEYID=FILE, or the registry that has its DID with --registry FILE",
        SignatureError.SignerDeactivated => "the agent is deactivated: nothing it signs counts",
        SignatureError.KeyNotUsable => "use a key that the agent has proven and not revoked",
        SignatureError.KeyTooOld => "look the key up again; --at must not be far from now when a registry is used",
        SignatureError.KeySourceUnavailable => "make the source of keys answer",
        SignatureError.AlgorithmMismatch => "let alg be that of the key, or leave it out",
        SignatureError.AlgorithmNotAllowed => "use a key of a kind that the policy accepts",
        SignatureError.BadSignature => "sign again with the key of the keyid",
        SignatureError.MalformedDigest => "write Content-Digest as sha-256=:base64:",
        SignatureError.DigestNotSupported => "use sha-256 or sha-512",
        SignatureError.DigestMismatch => "compute Content-Digest over the body as it is sent, and sign again",
        SignatureError.BodyTooLarge => "send a shorter body",
        SignatureError.RequestChanged => "answer the request as it was sent and signed, without a redirect on the way",
        SignatureError.WrongSigner => "let the agent that was asked sign the response",
        SignatureError.Replayed => "use a nonce once",
        SignatureError.NonceStoreFull or SignatureError.NonceStoreUnavailable => "make the store of nonces answer",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    /// <summary>How far the times of a signature are from now.</summary>
    public static string? Times(in SignatureParameters parameters, DateTimeOffset now)
    {
        string? created = parameters.Created is { } made ? Distance("created", now - DateTimeOffset.FromUnixTimeSeconds(made)) : null;
        string? expires = parameters.Expires is { } until ? Distance("expires", now - DateTimeOffset.FromUnixTimeSeconds(until)) : null;
        return (created, expires) is ({ }, { }) ? $"{created}, {expires}" : created ?? expires;
    }

    private static string Distance(string name, TimeSpan ago)
    {
        string seconds = ((long)ago.Duration().TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ago >= TimeSpan.Zero ? $"{name} {seconds} s ago" : $"{name} in {seconds} s";
    }
}
