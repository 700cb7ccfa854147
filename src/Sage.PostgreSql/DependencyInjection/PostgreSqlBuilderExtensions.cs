using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.PostgreSql;
using Sage.PostgreSql.Internal;
using Sage.Session;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a PostgreSQL database as the place where state of several nodes is kept.</summary>
public static class PostgreSqlBuilderExtensions
{
    /// <summary>
    /// Keeps sessions, nonces and the mirror of a registry in PostgreSQL: <see cref="ISessionStore"/> and <see cref="IRegistryMirrorStore"/>
    /// unless they are registered already, and <see cref="INonceStore"/> instead of what is registered. A host applies missing
    /// migrations before it starts anything else, and removes expired rows while it runs.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string of Npgsql; it appears in no log and no exception.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    /// <exception cref="InvalidOperationException">A PostgreSQL database is registered already.</exception>
    public static ISageBuilder AddPostgreSql(this ISageBuilder builder, string connectionString) => AddPostgreSql(builder, connectionString, null);

    /// <summary>Keeps the same in PostgreSQL, with other options than the defaults.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string of Npgsql; it appears in no log and no exception.</param>
    /// <param name="configure">Sets capacities and times; <see langword="null"/> for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The connection string cannot be read, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A PostgreSQL database is registered already.</exception>
    public static ISageBuilder AddPostgreSql(this ISageBuilder builder, string connectionString, Action<PostgreSqlDatabaseOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Read here as well, so that a mistake shows where it was made.
        ConnectionStrings.Open(connectionString).Dispose();
        return Add(builder, configure, (provider, options) => PostgreSqlDatabase.Create(
            connectionString, options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<PostgreSqlDatabase>>(), provider.GetService<IMeterFactory>()));
    }

    /// <summary>Keeps the same in PostgreSQL, over a data source of the application.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="source">The data source; the application disposes it.</param>
    /// <param name="configure">Sets capacities and times; <see langword="null"/> for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A PostgreSQL database is registered already.</exception>
    public static ISageBuilder AddPostgreSql(this ISageBuilder builder, NpgsqlDataSource source, Action<PostgreSqlDatabaseOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return Add(builder, configure, (provider, options) => new PostgreSqlDatabase(
            source, options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<PostgreSqlDatabase>>(), provider.GetService<IMeterFactory>()));
    }

    private static ISageBuilder Add(
        ISageBuilder builder, Action<PostgreSqlDatabaseOptions>? configure, Func<IServiceProvider, PostgreSqlDatabaseOptions, PostgreSqlDatabase> create)
    {
        PostgreSqlDatabaseOptions options = new();
        configure?.Invoke(options);
        options = options.Validated();
        if (builder.Services.Any(service => service.ServiceType == typeof(PostgreSqlDatabase)))
        {
            throw new InvalidOperationException("A PostgreSQL database is registered already.");
        }

        builder.Services.AddSingleton(provider => create(provider, options));
        builder.Services.Replace(ServiceDescriptor.Singleton(static provider => provider.GetRequiredService<PostgreSqlDatabase>().Nonces));
        builder.Services.TryAddSingleton(static provider => provider.GetRequiredService<PostgreSqlDatabase>().Sessions);
        builder.Services.TryAddSingleton(static provider => provider.GetRequiredService<PostgreSqlDatabase>().Mirror);
        builder.Services.AddSingleton<IHostedService>(provider =>
        {
            PostgreSqlDatabase database = provider.GetRequiredService<PostgreSqlDatabase>();
            return new DatabaseService(database.PrepareAsync, database.RemoveExpiredAsync, options.RetentionInterval, provider.GetRequiredService<TimeProvider>());
        });
        return builder;
    }
}
