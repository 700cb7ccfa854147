using Sage.AspNetCore;
using Sage.HttpSignatures;

namespace Microsoft.AspNetCore.Builder;

/// <summary>What endpoints ask of the signatures of requests.</summary>
public static class HttpSignatureEndpointExtensions
{
    /// <summary>
    /// Requires a signature of every request. Of several calls for one endpoint (a group and its member, say) the last one's
    /// policy and scheme count.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group of endpoints.</param>
    /// <param name="policy">What the signature must look like; the scheme's <see cref="HttpSignatureOptions.Policy"/> when not given.</param>
    /// <param name="scheme">The authentication scheme; the one with the default name, or else the only one, when not given.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The policy cannot be asked of a request.</exception>
    public static TBuilder RequireHttpSignature<TBuilder>(this TBuilder builder, SignaturePolicy? policy = null, string? scheme = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (policy is not null && HttpSignatureOptionsValidator.Problem(policy) is { } problem)
        {
            throw new ArgumentException($"A request cannot be asked for this policy: {problem}", nameof(policy));
        }

        builder.Add(endpoint => HttpSignatureMetadata.Set(endpoint, scheme ?? HttpSignatureSchemes.Find(endpoint.ApplicationServices), policy));
        return builder;
    }
}
