using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.Session;
using Sage.Sqlite.Internal;

namespace Sage.Sqlite;

/// <summary>
/// Sessions, nonces and the mirror of a registry in one SQLite file: they outlive the process, and several processes of one machine may
/// share them. What is committed is durable, also when the power fails.
/// </summary>
/// <remarks>
/// Safe from any thread. Call <see cref="MigrateAsync"/> before the first use; a host does it by itself. A new file is for its owner
/// alone (mode 0600). The file must be on a local disk: SQLite's locks do not work over networks.
/// </remarks>
public sealed class SqliteDatabase : IDisposable
{
    private static readonly ActivitySource Source = new(SqliteTelemetry.ActivitySourceName, Version);
    private static readonly Lazy<StoreInstruments> Shared = new(() => Instruments(new Meter(SqliteTelemetry.MeterName, Version)));
    private static readonly MigrationDialect Dialect = new("", "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'sage_migrations'");

    private readonly string path;
    private readonly SqliteLink link;
    private readonly SqliteNonceStore nonces;
    private readonly SqliteSessionStore sessions;
    private readonly IReadOnlyList<MigrationScript> scripts;
    private readonly Migrator migrator;
    private readonly ILogger logger;
    private readonly TimeProvider timeProvider;

    /// <summary>Names a database; nothing is opened yet.</summary>
    /// <param name="path">The file. It is made when it is first used; its folder must exist.</param>
    /// <param name="options">How it keeps its content; copied.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Where the meter comes from; a static one if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of its range.</exception>
    public SqliteDatabase(
        string path, SqliteDatabaseOptions? options = null, TimeProvider? timeProvider = null, ILogger<SqliteDatabase>? logger = null, IMeterFactory? meterFactory = null)
        : this(path, options, timeProvider, logger, meterFactory, MigrationScript.LoadAll(typeof(SqliteDatabase).Assembly))
    {
    }

    internal SqliteDatabase(
        string path, SqliteDatabaseOptions? options, TimeProvider? timeProvider, ILogger<SqliteDatabase>? logger, IMeterFactory? meterFactory,
        IReadOnlyList<MigrationScript> scripts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        this.path = Path.GetFullPath(path);
        Options = (options ?? new()).Validated();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<SqliteDatabase>.Instance;
        StoreInstruments instruments = meterFactory is null
            ? Shared.Value
            : Instruments(meterFactory.Create(new MeterOptions(SqliteTelemetry.MeterName) { Version = Version }));
        link = new SqliteLink(this.path, Options.Timeout, instruments);
        nonces = new SqliteNonceStore(link, Options, this.timeProvider);
        sessions = new SqliteSessionStore(link, Options, this.timeProvider);
        Mirror = new SqliteMirrorStore(link);
        this.scripts = scripts;
        migrator = new Migrator(scripts, Dialect, link.Create, this.timeProvider);
    }

    /// <summary>The nonces. A live one is never forgotten: when the store or a scope's tenth of it is full, new ones are refused.</summary>
    public INonceStore Nonces => nonces;

    /// <summary>The sessions.</summary>
    public ISessionStore Sessions => sessions;

    /// <summary>The mirror of a registry.</summary>
    public IRegistryMirrorStore Mirror { get; }

    internal SqliteDatabaseOptions Options { get; }

    private static string? Version => typeof(SqliteDatabase).Assembly.GetName().Version?.ToString();

    /// <summary>Brings the file to the schema of this program. Several processes may do it at once.</summary>
    /// <param name="cancellationToken">Cancels between two migrations.</param>
    /// <returns>How many migrations this call applied.</returns>
    /// <exception cref="InvalidOperationException">The file is of a newer program, or a migration was changed after it was applied; nothing changed.</exception>
    /// <exception cref="IOException">The file cannot be read or written, or a migration fails; what it did is undone.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken = default)
    {
        int applied = await WrapAsync(migrator.MigrateAsync(cancellationToken)).ConfigureAwait(false);
        if (applied > 0)
        {
            Log.Migrated(logger, path, applied);
        }

        return applied;
    }

    /// <summary>The names of the migrations that are missing, in order.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>None if the schema is the one of this program.</returns>
    /// <exception cref="InvalidOperationException">The file is of a newer program, or a migration was changed after it was applied.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Task<IReadOnlyList<string>> GetPendingMigrationsAsync(CancellationToken cancellationToken = default) =>
        WrapAsync(migrator.GetPendingAsync(cancellationToken));

    /// <summary>Asks the file for something small: for health checks.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>When it answered.</returns>
    /// <exception cref="IOException">The file cannot be read, or has no schema.</exception>
    public async Task PingAsync(CancellationToken cancellationToken = default) =>
        await link.ReadAsync("ping", static connection => connection.Number("SELECT live FROM sage_totals WHERE name = 'sessions'"), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Copies the database while it is used into one file that was not there, with a file <c>.sha256</c> beside it. Sessions are left out:
    /// put back, they would use sequence numbers a second time.
    /// </summary>
    /// <param name="backup">The file to write; only its owner can read it.</param>
    /// <param name="cancellationToken">Cancels between two steps; no file is left.</param>
    /// <returns>When the copy is whole and checked.</returns>
    /// <exception cref="InvalidOperationException">The file is no database of Sage, or of a newer program.</exception>
    /// <exception cref="IOException">A file exists or cannot be written, or the database cannot be read.</exception>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    public async Task BackupAsync(string backup, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no database '{path}'.", path);
        }

        if ((await GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Count == scripts.Count)
        {
            throw new InvalidOperationException($"'{path}' is no database of Sage: it has none of its migrations.");
        }

        await BackupFile.WriteAsync(backup, temporary => WrapAsync(Task.Run(() => Copy(temporary), cancellationToken)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Puts a backup where there is no database yet, without sessions, and applies what migrations it lacks. A backup that is not whole
    /// changes nothing.
    /// </summary>
    /// <param name="backup">The file that <see cref="BackupAsync"/> wrote, its checksum beside it.</param>
    /// <param name="cancellationToken">Cancels before the file is in its place.</param>
    /// <returns>When the database can be used.</returns>
    /// <exception cref="InvalidDataException">The backup was altered or is damaged, or no database of Sage.</exception>
    /// <exception cref="InvalidOperationException">The backup is of a newer program.</exception>
    /// <exception cref="IOException">There is a database already, or a file cannot be read or written.</exception>
    public async Task RestoreAsync(string backup, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        if (new[] { path, path + "-wal", path + "-journal" }.FirstOrDefault(File.Exists) is { } existing)
        {
            throw new IOException($"'{existing}' exists: stop what uses it and move it away.");
        }

        // A name of its own: of two that restore at once, neither removes the file of the other.
        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.restore";
        try
        {
            FileStream copy = BackupFile.Create(temporary);
            await using (copy.ConfigureAwait(false))
            {
                FileStream from = File.OpenRead(backup);
                await using (from.ConfigureAwait(false))
                {
                    await from.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
                }

                // The copy is what is checked: what happens to the backup meanwhile does not matter.
                copy.Flush(flushToDisk: true);
                copy.Position = 0;
                await BackupFile.VerifyAsync(backup, copy, cancellationToken).ConfigureAwait(false);
            }

            await WrapAsync(Task.Run(() => AdmitAsync(temporary, cancellationToken), cancellationToken)).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: false);
        }
        finally
        {
            File.Delete(temporary);
            SqliteBackup.RemoveJournals(temporary);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => link.Dispose();

    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Options.MigrateAtStart)
        {
            await MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (await GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } pending)
        {
            throw new InvalidOperationException($"The database '{path}' lacks the migrations {string.Join(", ", pending)}: run 'sage db migrate', or set {nameof(SqliteDatabaseOptions.MigrateAtStart)}.");
        }
    }

    internal Task RemoveExpiredAsync(CancellationToken cancellationToken) => Retention.RunAsync(
        nonces.RemoveExpiredAsync, sessions.RemoveExpiredAsync, exception => Log.RetentionFailed(logger, path, exception), cancellationToken);

    // Nothing of the copy is used before all of it was looked at.
    private async Task<int> AdmitAsync(string copy, CancellationToken cancellationToken)
    {
        SqliteBackup.Check(copy);
        using SqliteDatabase restored = new(copy, Options, timeProvider, null, null, scripts);
        int missing = (await restored.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Count;
        SqliteBackup.CheckSchema(copy, scripts.SkipLast(missing));
        await restored.MigrateAsync(cancellationToken).ConfigureAwait(false);
        SqliteBackup.Finish(copy);
        return missing;
    }

    private bool Copy(string temporary)
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = link.Open();
        SqliteBackup.Copy(connection, temporary);
        return true;
    }

    private static StoreInstruments Instruments(Meter meter) => new(Source, meter, SqliteTelemetry.OperationDuration);

    private static async Task<T> WrapAsync<T>(Task<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (Microsoft.Data.Sqlite.SqliteException exception)
        {
            throw SqliteFailure.Wrap(exception).Replacement!;
        }
    }
}
