using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>
/// What was verified of a request; on <see cref="Microsoft.AspNetCore.Http.HttpContext.Features"/> once authentication has
/// succeeded, and absent otherwise. Only what a signature covers may be taken as said by the signer.
/// </summary>
public interface IHttpSignatureFeature
{
    /// <summary>The name of the authentication scheme.</summary>
    string Scheme { get; }

    /// <summary>The policy that the request was verified under.</summary>
    SignaturePolicy Policy { get; }

    /// <summary>The signature that counts, the first of several.</summary>
    VerifiedSignature Signature { get; }

    /// <summary>Every signature that counts; more than one only with <see cref="SignatureMatch.All"/>.</summary>
    IReadOnlyList<VerifiedSignature> Signatures { get; }
}
