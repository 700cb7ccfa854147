using Microsoft.AspNetCore.Builder;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>What an endpoint asks of its callers.</summary>
internal sealed record HttpSignatureMetadata(string Scheme, SignaturePolicy? Policy)
{
    /// <summary>Asks it, in place of what was asked before.</summary>
    public static void Set(EndpointBuilder endpoint, string scheme, SignaturePolicy? policy)
    {
        foreach (object former in endpoint.Metadata.Where(item => item is HttpSignatureMetadata or HttpSignatureAuthorization).ToArray())
        {
            endpoint.Metadata.Remove(former);
        }

        endpoint.Metadata.Add(new HttpSignatureMetadata(scheme, policy));
        endpoint.Metadata.Add(new HttpSignatureAuthorization(scheme));
    }
}
