using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers agents on an Ethereum chain.</summary>
public static class EthereumBuilderExtensions
{
    /// <summary>
    /// Resolves the DIDs of one deployment, <c>did:sage:eip155:&lt;chainId&gt;:&lt;identity&gt;:…</c>, through a
    /// <see cref="CachingDidResolver"/>. Other deployments, and a registry of other <c>did:sage</c> identities, stand beside it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="endpoints">The nodes to ask, at least one; better of different operators. A URL must never come from a DID.</param>
    /// <param name="configure">Sets ages and numbers.</param>
    /// <param name="configureCache">Sets how long answers are remembered.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The deployment is registered already.</exception>
    public static ISageBuilder AddEthereumRegistry(
        this ISageBuilder builder, EthereumDeployment deployment, IReadOnlyList<Uri> endpoints, Action<EthereumDidResolverOptions>? configure = null,
        Action<CachingDidResolverOptions>? configureCache = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoints);
        Uri[] urls = [.. endpoints];
        object[] keys = [.. urls.Select(_ => new object())];
        AddResolver(builder, deployment, provider => [.. keys.Select(provider.GetRequiredKeyedService<HttpEthereumRpc>)], configure, configureCache);

        // Services of the container, so that it disposes them.
        for (int i = 0; i < urls.Length; i++)
        {
            Uri url = urls[i];
            builder.Services.AddKeyedSingleton(keys[i], (provider, _) => new HttpEthereumRpc(
                url, timeProvider: provider.GetRequiredService<TimeProvider>(), logger: provider.GetService<ILogger<HttpEthereumRpc>>()));
        }

        return builder;
    }

    private static void AddResolver(
        ISageBuilder builder, EthereumDeployment deployment, Func<IServiceProvider, IReadOnlyList<IEthereumRpc>> createEndpoints,
        Action<EthereumDidResolverOptions>? configure, Action<CachingDidResolverOptions>? configureCache)
    {
        EthereumDidResolverOptions options = new();
        configure?.Invoke(options);
        CachingDidResolverOptions cache = new();
        configureCache?.Invoke(cache);
        builder.AddDidResolver(deployment.MethodName, provider =>
        {
            TimeProvider timeProvider = provider.GetRequiredService<TimeProvider>();
            IMeterFactory? meters = provider.GetService<IMeterFactory>();
            EthereumDidResolver resolver = new(
                deployment, createEndpoints(provider), options, timeProvider, provider.GetService<ILogger<EthereumDidResolver>>(), meters);
            return new CachingDidResolver(resolver, cache, timeProvider, provider.GetService<ILogger<CachingDidResolver>>(), meters);
        });
    }
}
