using Microsoft.Extensions.Hosting;
using Sage.Did.Ethereum;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs a watcher as long as the host runs.</summary>
internal sealed class RegistryWatchService(RegistryWatcher watcher) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => watcher.RunAsync(stoppingToken);
}
