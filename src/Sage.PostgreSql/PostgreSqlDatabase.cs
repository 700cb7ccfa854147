using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.PostgreSql.Internal;
using Sage.Session;

namespace Sage.PostgreSql;

/// <summary>
/// Sessions, nonces and the mirror of a registry in PostgreSQL 13 or later, shared by several nodes: a nonce is accepted once whichever
/// node sees it, and a session goes on at any of them.
/// </summary>
/// <remarks>
/// Safe from any thread. Call <see cref="MigrateAsync"/> before the first use; a host does it by itself. The tables are in the first
/// schema of the connection's <c>search_path</c>. Whatever is not certain is refused: a call that fails or times out may or may not have
/// changed the database, and lets nothing through.
/// </remarks>
public sealed class PostgreSqlDatabase : IAsyncDisposable, IDisposable
{
    private static readonly ActivitySource Source = new(PostgreSqlTelemetry.ActivitySourceName, Version);
    private static readonly Lazy<StoreInstruments> Shared = new(() => Instruments(new Meter(PostgreSqlTelemetry.MeterName, Version)));

    // The lock is released when the transaction ends, however it ends.
    private static readonly MigrationDialect Dialect = new(
        "SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock(1396787013, 0)", "SELECT count(*) FROM pg_class WHERE oid = to_regclass('sage_migrations')");

    private readonly NpgsqlDataSource source;
    private readonly bool ownsSource;
    private readonly PostgreSqlLink link;
    private readonly PostgreSqlNonceStore nonces;
    private readonly PostgreSqlSessionStore sessions;
    private readonly IReadOnlyList<MigrationScript> scripts;
    private readonly Migrator migrator;
    private readonly ILogger logger;

    /// <summary>Makes a database upon a data source of the application, which keeps it and disposes it.</summary>
    /// <param name="source">The data source.</param>
    /// <param name="options">How it keeps its content; copied.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Where the meter comes from; a static one if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PostgreSqlDatabase(
        NpgsqlDataSource source, PostgreSqlDatabaseOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<PostgreSqlDatabase>? logger = null, IMeterFactory? meterFactory = null)
        : this(source, false, options, timeProvider, logger, meterFactory, MigrationScript.LoadAll(typeof(PostgreSqlDatabase).Assembly))
    {
    }

    internal PostgreSqlDatabase(
        NpgsqlDataSource source, bool ownsSource, PostgreSqlDatabaseOptions? options, TimeProvider? timeProvider, ILogger<PostgreSqlDatabase>? logger,
        IMeterFactory? meterFactory, IReadOnlyList<MigrationScript> scripts)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        this.ownsSource = ownsSource;
        Options = (options ?? new()).Validated();
        this.logger = logger ?? NullLogger<PostgreSqlDatabase>.Instance;
        TimeProvider time = timeProvider ?? TimeProvider.System;
        StoreInstruments instruments = meterFactory is null
            ? Shared.Value
            : Instruments(meterFactory.Create(new MeterOptions(PostgreSqlTelemetry.MeterName) { Version = Version }));
        link = new PostgreSqlLink(source, Options.Timeout, instruments);
        nonces = new PostgreSqlNonceStore(link, Options, time);
        sessions = new PostgreSqlSessionStore(link, Options, time);
        Mirror = new PostgreSqlMirrorStore(link);
        this.scripts = scripts;
        migrator = new Migrator(scripts, Dialect, source.CreateConnection, time);
    }

    /// <summary>The nonces. A live one is never forgotten: when the store or a scope's tenth of it is full, new ones are refused.</summary>
    public INonceStore Nonces => nonces;

    /// <summary>The sessions.</summary>
    public ISessionStore Sessions => sessions;

    /// <summary>The mirror of a registry.</summary>
    public IRegistryMirrorStore Mirror { get; }

    private string[] Names => [.. scripts.Select(script => script.Name)];

    internal PostgreSqlDatabaseOptions Options { get; }

    private static string? Version => typeof(PostgreSqlDatabase).Assembly.GetName().Version?.ToString();

    /// <summary>Makes a database with connections of its own; nothing is opened yet.</summary>
    /// <param name="connectionString">The connection string of Npgsql. It is a secret: it appears in no log and no exception.</param>
    /// <param name="options">How it keeps its content; copied.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Where the meter comes from; a static one if <see langword="null"/>.</param>
    /// <returns>The database; dispose it.</returns>
    /// <exception cref="ArgumentException">The connection string cannot be read (the exception does not repeat it), or an option is out of its range.</exception>
    public static PostgreSqlDatabase Create(
        string connectionString, PostgreSqlDatabaseOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<PostgreSqlDatabase>? logger = null, IMeterFactory? meterFactory = null) =>
        new(ConnectionStrings.Open(connectionString), true, options, timeProvider, logger, meterFactory, MigrationScript.LoadAll(typeof(PostgreSqlDatabase).Assembly));

    /// <summary>Brings the database to the schema of this program. Several nodes may do it at once.</summary>
    /// <param name="cancellationToken">Cancels between two migrations.</param>
    /// <returns>How many migrations this call applied.</returns>
    /// <exception cref="InvalidOperationException">The database is of a newer program, or a migration was changed after it was applied; nothing changed.</exception>
    /// <exception cref="IOException">The server cannot be reached, another node did not finish within 30 s, or a migration fails; what it did is undone.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken = default)
    {
        int applied = await WrapAsync(migrator.MigrateAsync(cancellationToken)).ConfigureAwait(false);
        if (applied > 0)
        {
            Log.Migrated(logger, applied);
        }

        return applied;
    }

    /// <summary>The names of the migrations that are missing, in order.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>None if the schema is the one of this program.</returns>
    /// <exception cref="InvalidOperationException">The database is of a newer program, or a migration was changed after it was applied.</exception>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public Task<IReadOnlyList<string>> GetPendingMigrationsAsync(CancellationToken cancellationToken = default) =>
        WrapAsync(migrator.GetPendingAsync(cancellationToken));

    /// <summary>Asks the server for something small: for health checks.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>When it answered.</returns>
    /// <exception cref="IOException">The server cannot be reached, does not answer in time or has no schema.</exception>
    public async Task PingAsync(CancellationToken cancellationToken = default) =>
        await link.ScalarAsync<bool>("ping", "SELECT EXISTS (SELECT FROM sage_totals)", cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Writes what the database has at one moment, while it is used, into one file that was not there, with a file <c>.sha256</c> beside
    /// it. Sessions are left out: put back, they would use sequence numbers a second time.
    /// </summary>
    /// <param name="backup">The file to write; only its owner can read it.</param>
    /// <param name="cancellationToken">Cancels the call; no file is left.</param>
    /// <returns>When the file is whole.</returns>
    /// <exception cref="InvalidOperationException">The schema is not that of this program.</exception>
    /// <exception cref="IOException">A file exists or cannot be written, or the server cannot be reached.</exception>
    public async Task BackupAsync(string backup, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        await RequireSchemaAsync(cancellationToken).ConfigureAwait(false);
        await BackupFile.WriteAsync(backup, async temporary =>
        {
            FileStream stream = BackupFile.Create(temporary);
            await using (stream.ConfigureAwait(false))
            {
                await link.RunAsync("backup", (connection, token) => PostgreSqlBackup.WriteAsync(connection, Names, stream, token), cancellationToken, isLong: true)
                    .ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a backup into a database that has the schema and no rows, in one transaction. A backup that is not whole changes nothing.</summary>
    /// <param name="backup">The file that <see cref="BackupAsync"/> wrote, its checksum beside it.</param>
    /// <param name="cancellationToken">Cancels the call; all of it may have been restored.</param>
    /// <returns>When it is restored.</returns>
    /// <exception cref="InvalidDataException">The backup was altered, is damaged or of another schema.</exception>
    /// <exception cref="InvalidOperationException">The database is not empty, or its schema is not that of this program.</exception>
    /// <exception cref="IOException">The file cannot be read, the server cannot be reached, or something uses the tables.</exception>
    public async Task RestoreAsync(string backup, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        await RequireSchemaAsync(cancellationToken).ConfigureAwait(false);
        FileStream stream = File.OpenRead(backup);
        await using (stream.ConfigureAwait(false))
        {
            await BackupFile.VerifyAsync(backup, stream, cancellationToken).ConfigureAwait(false);
            stream.Position = 0;
            await link.RunAsync("restore", (connection, token) => PostgreSqlBackup.ReadAsync(connection, Names, stream, token), cancellationToken, isLong: true)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Closes its own connections; a data source of the application stays open.</summary>
    /// <returns>When they are closed.</returns>
    public ValueTask DisposeAsync() => ownsSource ? source.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>Closes its own connections; a data source of the application stays open.</summary>
    public void Dispose()
    {
        if (ownsSource)
        {
            source.Dispose();
        }
    }

    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Options.MigrateAtStart)
        {
            await MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (await GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } pending)
        {
            throw new InvalidOperationException(
                $"The PostgreSQL database lacks the migrations {string.Join(", ", pending)}: run 'sage db migrate', or set {nameof(PostgreSqlDatabaseOptions.MigrateAtStart)}.");
        }

        // Without it a crash of the server forgets commits: nonces would be accepted and numbers be used again.
        if (await link.ScalarAsync<string>("check_durability", "SHOW synchronous_commit", cancellationToken).ConfigureAwait(false) == "off")
        {
            throw new InvalidOperationException("synchronous_commit is off for the role or the database that Sage uses in PostgreSQL: set it to on.");
        }
    }

    internal Task RemoveExpiredAsync(CancellationToken cancellationToken) => Retention.RunAsync(
        nonces.RemoveExpiredAsync, sessions.RemoveExpiredAsync, exception => Log.RetentionFailed(logger, exception), cancellationToken);

    private async Task RequireSchemaAsync(CancellationToken cancellationToken)
    {
        if (await GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } pending)
        {
            throw new InvalidOperationException($"The PostgreSQL database lacks the migrations {string.Join(", ", pending)}: run 'sage db migrate'.");
        }
    }

    private static StoreInstruments Instruments(Meter meter) => new(Source, meter, PostgreSqlTelemetry.OperationDuration);

    private static async Task<T> WrapAsync<T>(Task<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw PostgreSqlFailure.Wrap(exception).Replacement!;
        }
    }
}
