using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AspNetCore;

/// <summary>Adds a check for each part that the services have, whichever was registered first.</summary>
internal sealed class SageHealthChecks(
    IServiceProvider services, IServiceProviderIsService registered, IOptions<SageHealthOptions> options, TimeProvider time, ILoggerFactory? loggers = null)
    : IConfigureOptions<HealthCheckServiceOptions>
{
    private readonly ILogger logger = loggers?.CreateLogger<SageHealthChecks>() ?? (ILogger)NullLogger.Instance;

    public void Configure(HealthCheckServiceOptions checks)
    {
        HealthProbes probes = new(services, options.Value, time);
        Add<IDidResolver>(checks, "sage.registry", probes.AskRegistryAsync);
        Add<LocalAgent>(checks, "sage.keys", probes.AskKeysAsync);
        Add<INonceStore>(checks, "sage.nonces", probes.AskNoncesAsync);
        Add<ISessionStore>(checks, "sage.sessions", probes.AskSessionsAsync);
    }

    private void Add<TPart>(HealthCheckServiceOptions checks, string name, Func<CancellationToken, Task<HealthStatus>> probe)
    {
        if (registered.IsService(typeof(TPart)))
        {
            checks.Registrations.Add(new HealthCheckRegistration(
                name, new CachedHealthCheck(name, probe, options.Value, time, logger), HealthStatus.Unhealthy, tags: ["ready", "sage"]));
        }
    }
}
