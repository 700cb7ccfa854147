using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a local copy of the agents on an Ethereum chain.</summary>
public static class EthereumMirrorBuilderExtensions
{
    /// <summary>
    /// Resolves the DIDs of one deployment, <c>did:sage:eip155:&lt;chainId&gt;:&lt;identity&gt;:…</c>, from a <see cref="RegistryMirror"/>
    /// that the host keeps going; it is a service too, to find agents. A registry of other <c>did:sage</c> identities stands beside it.
    /// An <see cref="IRegistryMirrorStore"/> of the container keeps what was read for the next start.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="endpoint">The node to read from. The URL must never come from a DID.</param>
    /// <param name="configure">Sets where to begin, ages and bounds.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">There is a mirror already, or the deployment is registered already.</exception>
    public static ISageBuilder AddEthereumMirror(this ISageBuilder builder, EthereumDeployment deployment, Uri endpoint, Action<RegistryMirrorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoint);
        if (builder.Services.Any(service => service.ServiceType == typeof(RegistryMirror)))
        {
            throw new InvalidOperationException("There is a mirror already; call AddEthereumMirror once, and make others with new.");
        }

        RegistryMirrorOptions options = new();
        configure?.Invoke(options);
        object node = new();
        builder.AddDidResolver(deployment.MethodName, provider => provider.GetRequiredService<RegistryMirror>());
        builder.Services.AddKeyedSingleton(node, (provider, _) => new HttpEthereumRpc(
            endpoint, timeProvider: provider.GetRequiredService<TimeProvider>(), logger: provider.GetService<ILogger<HttpEthereumRpc>>()));
        builder.Services.AddSingleton(provider => new RegistryMirror(
            deployment, provider.GetRequiredKeyedService<HttpEthereumRpc>(node), options, provider.GetService<IRegistryMirrorStore>(),
            provider.GetRequiredService<DidChanges>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<RegistryMirror>>(),
            provider.GetService<IMeterFactory>()));
        builder.Services.AddSingleton<IHostedService>(provider => new RegistryMirrorService(provider.GetRequiredService<RegistryMirror>()));
        return builder;
    }
}
