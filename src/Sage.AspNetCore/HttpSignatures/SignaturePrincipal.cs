using System.Security.Claims;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Makes a principal of a verified signature.</summary>
internal static class SignaturePrincipal
{
    public static ClaimsPrincipal Create(VerifiedSignature signature, string scheme, string issuer)
    {
        ClaimsIdentity identity = new(scheme, HttpSignatureClaimTypes.Subject, ClaimTypes.Role);
        Add(identity, HttpSignatureClaimTypes.Subject, signature.Subject, issuer);
        Add(identity, ClaimTypes.NameIdentifier, signature.Subject, issuer);
        if (AgentDid.TryParse(signature.Subject, out AgentDid did))
        {
            Add(identity, HttpSignatureClaimTypes.Did, did.Value, issuer);
        }

        Add(identity, HttpSignatureClaimTypes.KeyId, signature.KeyId, issuer);
        foreach (SignatureComponent component in signature.Components)
        {
            Add(identity, HttpSignatureClaimTypes.Covered, component.Identifier, issuer);
        }

        return new ClaimsPrincipal(identity);
    }

    private static void Add(ClaimsIdentity identity, string type, string value, string issuer) =>
        identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, issuer));
}
