using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the replay memory that several nodes share.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>
    /// Remembers nonces in Redis instead of the process's memory, over a connection that is made when it is first used and reconnects by
    /// itself. Call <see cref="RedisNonceStore.CheckAsync"/> at start to see early that it works.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The configuration string of StackExchange.Redis; it appears in no log and no exception.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The configuration cannot be read.</exception>
    public static ISageBuilder AddRedisNonces(this ISageBuilder builder, string configuration) => builder.AddRedisNonces(configuration, static _ => { });

    /// <summary>As <see cref="AddRedisNonces(ISageBuilder, string)"/>, with other options than the defaults.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The configuration string of StackExchange.Redis; it appears in no log and no exception.</param>
    /// <param name="configure">Sets prefix, capacity and times.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The configuration cannot be read, or an option is out of its range.</exception>
    public static ISageBuilder AddRedisNonces(this ISageBuilder builder, string configuration, Action<RedisNonceStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedisNonceStoreOptions options = Options(configure);

        // Read here as well, so that a mistake shows where it was made.
        Sage.Redis.Internal.RedisLink.Parse(configuration, options.Timeout);
        return Replace(builder, provider => RedisNonceStore.Create(
            configuration, options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<RedisNonceStore>>(), provider.GetService<IMeterFactory>()));
    }

    /// <summary>Remembers nonces in Redis instead of the process's memory, over a connection of the application.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connection">The connection; the application disposes it.</param>
    /// <returns>The same builder.</returns>
    public static ISageBuilder AddRedisNonces(this ISageBuilder builder, IConnectionMultiplexer connection) => builder.AddRedisNonces(connection, static _ => { });

    /// <summary>As <see cref="AddRedisNonces(ISageBuilder, IConnectionMultiplexer)"/>, with other options than the defaults.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connection">The connection; the application disposes it.</param>
    /// <param name="configure">Sets prefix, capacity and times.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ISageBuilder AddRedisNonces(this ISageBuilder builder, IConnectionMultiplexer connection, Action<RedisNonceStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connection);
        RedisNonceStoreOptions options = Options(configure);
        return Replace(builder, provider => new RedisNonceStore(
            connection, options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<RedisNonceStore>>(), provider.GetService<IMeterFactory>()));
    }

    private static RedisNonceStoreOptions Options(Action<RedisNonceStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        RedisNonceStoreOptions options = new();
        configure(options);
        return options.Validated();
    }

    private static ISageBuilder Replace(ISageBuilder builder, Func<IServiceProvider, RedisNonceStore> create)
    {
        builder.Services.RemoveAll<INonceStore>();
        builder.Services.RemoveAll<RedisNonceStore>();
        builder.Services.AddSingleton(create);
        builder.Services.AddSingleton<INonceStore>(static provider => provider.GetRequiredService<RedisNonceStore>());
        return builder;
    }
}
