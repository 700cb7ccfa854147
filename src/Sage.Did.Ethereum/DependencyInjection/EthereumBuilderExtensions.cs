using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers agents on an Ethereum chain.</summary>
public static class EthereumBuilderExtensions
{
    /// <summary>
    /// Resolves the DIDs of one deployment, <c>did:sage:eip155:&lt;chainId&gt;:&lt;identity&gt;:…</c>, through a
    /// <see cref="CachingDidResolver"/>. Other deployments, and a registry of other <c>did:sage</c> identities, stand beside it. The host
    /// watches the registry: what changes leaves the cache with the next poll, and is reported to <see cref="DidChanges"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="endpoints">The nodes to ask, at least one; better of different operators. A URL must never come from a DID.</param>
    /// <param name="configure">Sets ages and numbers.</param>
    /// <param name="configureCache">Sets how long answers are remembered.</param>
    /// <param name="configureWatch">Sets how often the host looks for changes, or that it does not.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The deployment is registered already.</exception>
    public static ISageBuilder AddEthereumRegistry(
        this ISageBuilder builder, EthereumDeployment deployment, IReadOnlyList<Uri> endpoints, Action<EthereumDidResolverOptions>? configure = null,
        Action<CachingDidResolverOptions>? configureCache = null, Action<EthereumWatchOptions>? configureWatch = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoints);
        EthereumDidResolverOptions options = new();
        configure?.Invoke(options);
        CachingDidResolverOptions cache = new();
        configureCache?.Invoke(cache);
        EthereumWatchOptions watch = new();
        configureWatch?.Invoke(watch);
        object key = new();
        builder.AddDidResolver(deployment.MethodName, provider => provider.GetRequiredKeyedService<CachingDidResolver>(key));
        object[] nodes = [.. endpoints.Select(url => AddNode(builder.Services, url))];
        builder.Services.AddKeyedSingleton(key, (provider, _) => new EthereumDidResolver(
            deployment, [.. nodes.Select(provider.GetRequiredKeyedService<HttpEthereumRpc>)], options, Time(provider), Logger<EthereumDidResolver>(provider), Meters(provider)));
        builder.Services.AddKeyedSingleton(key, (provider, _) => new CachingDidResolver(
            provider.GetRequiredKeyedService<EthereumDidResolver>(key), cache, Time(provider), Logger<CachingDidResolver>(provider), Meters(provider)));
        if (watch.Enabled)
        {
            builder.Services.AddSingleton<IHostedService>(provider => new RegistryWatchService(new RegistryWatcher(
                provider.GetRequiredKeyedService<EthereumDidResolver>(key), provider.GetRequiredKeyedService<CachingDidResolver>(key),
                provider.GetRequiredService<DidChanges>(), watch, Time(provider), Logger<RegistryWatcher>(provider), Meters(provider))));
        }

        return builder;
    }

    /// <summary>
    /// Adds an <see cref="EthereumAgentRegistry"/> and the <see cref="TransactionSender"/> it writes with, for one account; make others
    /// with <see langword="new"/>. Whoever may register, add and revoke keys here spends that account's money.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="endpoint">The node that transactions are sent to.</param>
    /// <param name="createSigner">Gives the account's signer, once.</param>
    /// <param name="options">The bounds, above all the greatest fee.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">There is a writer already.</exception>
    public static ISageBuilder AddEthereumWriter(
        this ISageBuilder builder, EthereumDeployment deployment, Uri endpoint, Func<IServiceProvider, IEthereumSigner> createSigner, TransactionSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(createSigner);
        ArgumentNullException.ThrowIfNull(options);
        if (builder.Services.Any(service => service.ServiceType == typeof(EthereumAgentRegistry) && !service.IsKeyedService))
        {
            throw new InvalidOperationException("There is an Ethereum writer already; call AddEthereumWriter once, and make others with new.");
        }

        object node = AddNode(builder.Services, endpoint);
        builder.Services.AddSingleton(provider => new TransactionSender(
            new EthereumClient(provider.GetRequiredKeyedService<HttpEthereumRpc>(node), Time(provider)), createSigner(provider), deployment.ChainId, options,
            Time(provider), Logger<TransactionSender>(provider)));
        builder.Services.AddSingleton(provider => new EthereumAgentRegistry(deployment, provider.GetRequiredService<TransactionSender>()));
        return builder;
    }

    // A service of the container, so that it disposes it.
    private static object AddNode(IServiceCollection services, Uri url)
    {
        object key = new();
        services.AddKeyedSingleton(key, (provider, _) => new HttpEthereumRpc(url, timeProvider: Time(provider), logger: Logger<HttpEthereumRpc>(provider)));
        return key;
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger<T>? Logger<T>(IServiceProvider provider) => provider.GetService<ILogger<T>>();

    private static IMeterFactory? Meters(IServiceProvider provider) => provider.GetService<IMeterFactory>();
}
