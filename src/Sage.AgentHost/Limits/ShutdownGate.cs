using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sage.AgentHost;

/// <summary>Not ready from the moment the host is told to stop, so that nobody sends more while requests under way are finished.</summary>
internal sealed class ShutdownGate(ILogger<ShutdownGate> logger) : IHealthCheck, IHostedLifecycleService
{
    private volatile bool isStopping;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isStopping ? HealthCheckResult.Unhealthy("stopping") : HealthCheckResult.Healthy());

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        Log.Stopping(logger);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
