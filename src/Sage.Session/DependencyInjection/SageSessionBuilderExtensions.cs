using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers sessions.</summary>
public static class SageSessionBuilderExtensions
{
    /// <summary>
    /// Adds <see cref="SessionClient"/> and <see cref="SessionListener"/> with what they need, each unless the application
    /// registered its own: an HTTP transport and a replay memory of this process. If the application registered an
    /// <see cref="ISessionStore"/>, sessions live there, encrypted under <see cref="AgentSessionOptions.StateKey"/> of the key store. Sessions of a peer whose change is reported to
    /// <see cref="DidChanges"/> are looked at again. The agent itself and a resolver are added
    /// by <see cref="AddAgent"/> or <see cref="AddAgentFromKeyStore"/> and by the registry verbs.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; <see cref="AgentSessionOptions.Accept"/> is needed to answer sessions.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddSessions(this ISageBuilder builder, Action<AgentSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptionsWithValidateOnStart<AgentSessionOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentSessionOptions>, SessionOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INonceStore>(provider => new InMemoryNonceStore(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISessionTransport>(provider => new HttpSessionTransport(Options(provider).Endpoints));
        services.TryAddSingleton(provider => new Rechecks(provider.GetService<DidChanges>()));
        services.TryAddSingleton(CreateClient);
        services.TryAddSingleton(CreateListener);
        return builder;
    }

    /// <summary>Adds this agent; the caller keeps ownership of its keys.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">The agent.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddAgent(this ISageBuilder builder, LocalAgent agent)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(agent);
        builder.Services.TryAddSingleton(agent);
        return builder;
    }

    /// <summary>
    /// Adds this agent from the options: <c>Did</c>, and two keys of the key store. The store is opened when the agent is
    /// first needed, which blocks that thread while the passphrase is stretched.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="signingKey">The name of the signing key.</param>
    /// <param name="agreementKey">The name of the X25519 key, or <see langword="null"/> for an agent that only opens sessions.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddAgentFromKeyStore(this ISageBuilder builder, string signingKey, string? agreementKey = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(signingKey);
        builder.Services.TryAddSingleton(provider => new KeyStoreAgent(
            provider.GetRequiredService<IOptions<SageOptions>>().Value, provider.GetRequiredService<IKeyStore>(), signingKey, agreementKey));
        builder.Services.TryAddSingleton(provider => provider.GetRequiredService<KeyStoreAgent>().Agent);
        return builder;
    }

    private static SessionClient CreateClient(IServiceProvider provider)
    {
        SessionClient client = new(
            Agent(provider),
            Resolver(provider),
            provider.GetRequiredService<ISessionTransport>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>());
        provider.GetRequiredService<Rechecks>().Connect(client.RecheckAsync);
        return client;
    }

    private static SessionListener CreateListener(IServiceProvider provider)
    {
        ISessionStore? store = provider.GetService<ISessionStore>();
        SessionListener listener = new(
            Agent(provider),
            Resolver(provider),
            provider.GetRequiredService<INonceStore>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>(),
            store,
            store is null ? null : provider.GetRequiredService<IKeyStore>());
        try
        {
            // A container's factories are synchronous; this runs once.
            listener.LoadKeysAsync().AsTask().GetAwaiter().GetResult();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        provider.GetRequiredService<Rechecks>().Connect(listener.RecheckAsync);
        return listener;
    }

    private static AgentSessionOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AgentSessionOptions>>().Value;

    private static LocalAgent Agent(IServiceProvider provider) => provider.GetService<LocalAgent>()
        ?? throw new InvalidOperationException("There is no LocalAgent. You must call AddAgent(…) or AddAgentFromKeyStore(…) on the result of AddSage.");

    private static IDidResolver Resolver(IServiceProvider provider) => provider.GetService<IDidResolver>()
        ?? throw new InvalidOperationException("There is no IDidResolver. You must call AddFileRegistry(…) or another registry verb on the result of AddSage.");
}
