using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sage.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the page that Prometheus reads.</summary>
public static class SageMetricsEndpointExtensions
{
    /// <summary>
    /// Answers <c>/metrics</c> in the text format of Prometheus if <c>Sage:Telemetry:Prometheus</c> is set; otherwise nothing is mapped.
    /// The page is for those inside: a proxy must not let it out.
    /// </summary>
    /// <param name="endpoints">The endpoints of a host that <c>AddSageHost</c> composed.</param>
    /// <returns>The same endpoints.</returns>
    public static IEndpointRouteBuilder MapSageMetrics(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetRequiredService<LoadedConfiguration>().Options.Telemetry.Prometheus)
        {
            endpoints.MapPrometheusScrapingEndpoint("/metrics");
        }

        return endpoints;
    }
}
