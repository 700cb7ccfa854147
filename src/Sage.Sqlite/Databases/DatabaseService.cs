using Microsoft.Extensions.Hosting;

namespace Sage.Databases;

/// <summary>In a host: the schema is in order before anything else starts, and expired rows go while it runs.</summary>
internal sealed class DatabaseService(Func<CancellationToken, Task> prepare, Func<CancellationToken, Task> removeExpired, TimeSpan interval, TimeProvider timeProvider)
    : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => prepare(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await removeExpired(stoppingToken).ConfigureAwait(false);
        }
    }
}
