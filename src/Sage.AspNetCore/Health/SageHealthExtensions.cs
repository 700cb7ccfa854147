using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Sage.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health of an agent: its parts, and the endpoints that tell it.</summary>
public static class SageHealthExtensions
{
    /// <summary>
    /// Adds one check for each part that the services have: <c>sage.registry</c> resolves a DID, <c>sage.keys</c> signs with the agent's
    /// key, <c>sage.nonces</c> consumes a nonce in a scope of its own, <c>sage.sessions</c> looks for a session that is not there.
    /// Calling it again only adds the options.
    /// </summary>
    /// <param name="builder">The builder of <c>services.AddHealthChecks()</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddSage(this IHealthChecksBuilder builder, Action<SageHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HealthCheckServiceOptions>, SageHealthChecks>());
        services.AddOptions<SageHealthOptions>().Validate(options => options.FirstProblem() is null, "A setting of the health checks is out of range.").ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    /// <summary>
    /// Answers <c>/live</c>, for as long as the process answers at all, and <c>/ready</c>, which asks every check: 200 when it is healthy or
    /// degraded, else 503. The body is JSON with names, statuses and durations in seconds, and says nothing about why.
    /// </summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="prefix">The path before both.</param>
    /// <returns>A builder for conventions on both endpoints.</returns>
    public static IEndpointConventionBuilder MapSageHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthJson.WriteAsync });
        group.MapHealthChecks("/ready", new HealthCheckOptions { ResponseWriter = HealthJson.WriteAsync });
        return group;
    }
}
