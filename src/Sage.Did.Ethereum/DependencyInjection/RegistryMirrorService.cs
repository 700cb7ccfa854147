using Microsoft.Extensions.Hosting;
using Sage.Did.Ethereum;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps a mirror going as long as the host runs.</summary>
internal sealed class RegistryMirrorService(RegistryMirror mirror) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => mirror.RunAsync(stoppingToken);
}
