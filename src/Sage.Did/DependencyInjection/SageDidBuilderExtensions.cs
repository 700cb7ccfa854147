using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Registers where DIDs are resolved. Each verb adds one method; together they make the <see cref="IDidResolver"/> and the
/// <see cref="IKeyResolver"/> of the application, unless it registered its own.
/// </summary>
public static class SageDidBuilderExtensions
{
    /// <summary>Resolves <c>did:sage</c> from a registry file, which is also the <see cref="IAgentRegistry"/>. It needs no cache.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The path of the file.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddFileRegistry(this ISageBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.TryAddSingleton<IAgentRegistry>(provider => new FileAgentRegistry(
            path, provider.GetRequiredService<TimeProvider>(), Logger<FileAgentRegistry>(provider), provider.GetService<IMeterFactory>()));
        return builder.AddDidResolver("sage", provider => provider.GetRequiredService<IAgentRegistry>());
    }

    /// <summary>Resolves <c>did:sage</c> from memory, which is also the <see cref="IAgentRegistry"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="records">Records to begin with, taken as they are.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddInMemoryRegistry(this ISageBuilder builder, params IEnumerable<AgentRecord> records)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(records);
        builder.Services.TryAddSingleton<IAgentRegistry>(provider => new InMemoryAgentRegistry(
            records, provider.GetRequiredService<TimeProvider>(), meterFactory: provider.GetService<IMeterFactory>()));
        return builder.AddDidResolver("sage", provider => provider.GetRequiredService<IAgentRegistry>());
    }

    /// <summary>Resolves <c>did:key</c>, where the DID is the key.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddDidKey(this ISageBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddDidResolver("key", provider => new DidKeyResolver(
            provider.GetRequiredService<TimeProvider>(), provider.GetService<IMeterFactory>()));
    }

    /// <summary>Resolves a method with a resolver of the application.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="method">The method name, for example <c>web</c>, or how its identifiers begin, up to a colon: see <see cref="DidResolverChain"/>.</param>
    /// <param name="createResolver">Makes the resolver, once; wrap what asks a network in a <see cref="CachingDidResolver"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The method has a resolver already.</exception>
    public static ISageBuilder AddDidResolver(this ISageBuilder builder, string method, Func<IServiceProvider, IDidResolver> createResolver)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        ArgumentNullException.ThrowIfNull(createResolver);
        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ImplementationInstance is DidMethod known && known.Name == method))
        {
            throw new InvalidOperationException($"The DID method '{method}' has a resolver already; call one of its verbs, once.");
        }

        services.AddSingleton(new DidMethod(method, createResolver));
        services.TryAddSingleton<IDidResolver>(CreateChain);
        services.TryAddSingleton(provider => new DidChanges(provider.GetService<ILogger<DidChanges>>()));
        services.TryAddSingleton<IKeyResolver>(provider => new AgentKeyResolver(provider.GetRequiredService<IDidResolver>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SageOptions>, DidOptionsValidator>());
        return builder;
    }

    private static DidResolverChain CreateChain(IServiceProvider provider) => new(
        provider.GetServices<DidMethod>().Select(method => KeyValuePair.Create(method.Name, method.CreateResolver(provider))),
        provider.GetRequiredService<TimeProvider>());

    private static ILogger? Logger<T>(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger<T>();
}
