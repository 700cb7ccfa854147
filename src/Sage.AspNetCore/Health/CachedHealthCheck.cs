using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Sage.AspNetCore;

/// <summary>
/// Asks a part at most once in a while and at most once at a time, however many ask for its health, and never longer than its time.
/// </summary>
internal sealed class CachedHealthCheck(string name, Func<CancellationToken, Task<HealthStatus>> probe, SageHealthOptions options, TimeProvider time, ILogger logger)
    : IHealthCheck
{
    /// <summary>Under which name a result tells how long the part took, as <see cref="TimeSpan"/>.</summary>
    public const string Duration = "duration";

    private readonly Lock gate = new();
    private Task<HealthStatus>? pending;
    private Task<HealthCheckResult>? latest;
    private long finished;
    private HealthStatus known = HealthStatus.Healthy;

    // Whoever asks may go away: that must not end the question for the others.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && time.GetElapsedTime(finished) >= options.CacheFor))
            {
                latest = Task.Run(AskAsync, CancellationToken.None);
            }

            return latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        long started = time.GetTimestamp();
        HealthStatus status = HealthStatus.Unhealthy;
        Exception? failure = null;
        using CancellationTokenSource patience = new(options.Timeout, time);
        try
        {
            // A part that does not notice that its time is over is not asked again before it is done.
            if (pending is not { IsCompleted: false })
            {
                CancellationToken cancellationToken = patience.Token;
                pending = Task.Run(() => probe(cancellationToken), CancellationToken.None);
            }

            status = await pending.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Report(status, failure);
        Interlocked.Exchange(ref finished, time.GetTimestamp());
        return new HealthCheckResult(status, data: new Dictionary<string, object> { [Duration] = time.GetElapsedTime(started) });
    }

    // Only changes are logged, so that a long outage is two lines.
    private void Report(HealthStatus status, Exception? failure)
    {
        if (status == known)
        {
            return;
        }

        known = status;
        if (status == HealthStatus.Healthy)
        {
            Log.HealthBack(logger, name);
        }
        else
        {
            Log.HealthLost(logger, name, status, failure?.GetType().Name ?? "none");
        }
    }
}
