using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.Session;
using Sage.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a SQLite file as the place where state is kept.</summary>
public static class SqliteBuilderExtensions
{
    /// <summary>
    /// Keeps sessions, nonces and the mirror of a registry in a SQLite file: <see cref="ISessionStore"/> and <see cref="IRegistryMirrorStore"/>
    /// unless they are registered already, and <see cref="INonceStore"/> instead of what is registered. A host applies missing
    /// migrations before it starts anything else, and removes expired rows while it runs.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file. It is made if it is missing; its folder must exist.</param>
    /// <param name="configure">Sets capacities and times.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A SQLite file is registered already.</exception>
    public static ISageBuilder AddSqlite(this ISageBuilder builder, string path, Action<SqliteDatabaseOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        SqliteDatabaseOptions options = new();
        configure?.Invoke(options);
        options = options.Validated();
        if (builder.Services.Any(service => service.ServiceType == typeof(SqliteDatabase)))
        {
            throw new InvalidOperationException("A SQLite database is registered already.");
        }

        builder.Services.AddSingleton(provider => new SqliteDatabase(
            path, options, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<SqliteDatabase>>(), provider.GetService<IMeterFactory>()));
        builder.Services.Replace(ServiceDescriptor.Singleton(static provider => provider.GetRequiredService<SqliteDatabase>().Nonces));
        builder.Services.TryAddSingleton(static provider => provider.GetRequiredService<SqliteDatabase>().Sessions);
        builder.Services.TryAddSingleton(static provider => provider.GetRequiredService<SqliteDatabase>().Mirror);
        builder.Services.AddSingleton<IHostedService>(provider =>
        {
            SqliteDatabase database = provider.GetRequiredService<SqliteDatabase>();
            return new DatabaseService(database.PrepareAsync, database.RemoveExpiredAsync, options.RetentionInterval, provider.GetRequiredService<TimeProvider>());
        });
        return builder;
    }
}
