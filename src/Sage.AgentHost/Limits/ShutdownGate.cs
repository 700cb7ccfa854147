using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>
/// Not ready from the moment the host is told to stop, so that nobody sends more while requests under way are finished; and for those
/// who look at that only now and then, the host waits before it stops listening.
/// </summary>
internal sealed class ShutdownGate(LoadedConfiguration loaded, TimeProvider timeProvider, ILogger<ShutdownGate> logger) : IHealthCheck, IHostedLifecycleService
{
    private volatile bool isStopping;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isStopping ? HealthCheckResult.Unhealthy("stopping") : HealthCheckResult.Healthy());

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        Log.Stopping(logger);
        return Task.Delay(loaded.Options.Limits.DrainDelay, timeProvider, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
