using Sage.Did;

namespace Sage.AspNetCore;

/// <summary>How the health of an agent's parts is looked at.</summary>
public sealed class SageHealthOptions
{
    /// <summary>The DID that is resolved to see whether the registry answers; the agent's own if <see langword="null"/>.</summary>
    public AgentDid? ProbeDid { get; set; }

    /// <summary>How long one part may take to answer before it counts as unhealthy: 2 s unless set, more than zero.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer is given again before the part is asked anew: 5 s unless set, not negative.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The greatest age of a resolution that counts as healthy: 5 min unless set. An older one is degraded.</summary>
    public TimeSpan MaxResolutionAge { get; set; } = TimeSpan.FromMinutes(5);

    internal string? FirstProblem() =>
        Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1) ? $"{nameof(Timeout)} of the health checks must be more than zero and at most a minute."
        : CacheFor < TimeSpan.Zero ? $"{nameof(CacheFor)} of the health checks must not be negative."
        : MaxResolutionAge <= TimeSpan.Zero ? $"{nameof(MaxResolutionAge)} of the health checks must be more than zero."
        : null;
}
