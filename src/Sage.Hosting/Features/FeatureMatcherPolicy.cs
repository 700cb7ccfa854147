using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Sage.Hosting;

/// <summary>
/// Leaves endpoints out whose feature is off, while the request is routed: authentication and everything else behind sees what it would
/// see if they had never been mapped.
/// </summary>
internal sealed class FeatureMatcherPolicy(SageFeatures features) : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<FeatureMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i)
                && candidates[i].Endpoint.Metadata.GetOrderedMetadata<FeatureMetadata>().Any(metadata => !features.IsEnabled(metadata.Feature)))
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }
}
