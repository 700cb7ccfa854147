using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Sage.AgentHost;

/// <summary>Whether the process lives, and whether it should be sent requests.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of checks that decide whether the host is ready.</summary>
    public const string Ready = "ready";

    public static void MapHealth(this WebApplication application)
    {
        application.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        application.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }).DisableRateLimiting();
    }
}
