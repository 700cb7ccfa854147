using System.Data;
using System.Globalization;
using Npgsql;
using static Sage.PostgreSql.Internal.PostgreSqlLink;

namespace Sage.PostgreSql.Internal;

/// <summary>
/// Our tables in one file, in the binary form of COPY, which every version of the server reads. Sessions are left out: put back, they
/// would use sequence numbers a second time, which breaks their encryption.
/// </summary>
internal static class PostgreSqlBackup
{
    // In an order in which they can be filled. Counts come from triggers.
    private static readonly (string Name, string Columns)[] Tables =
    [
        ("sage_nonces", "id, scope, expires_at"),
        ("sage_mirror_checkpoint", "id, value"),
        ("sage_mirror_entries", "did, value"),
        ("sage_mirror_terms", "term, did"),
    ];

    private static IEnumerable<string> All => [.. Tables.Select(table => table.Name), "sage_sessions"];

    /// <summary>Writes what the database has at one moment.</summary>
    /// <exception cref="InvalidOperationException">The database is being migrated by another program.</exception>
    public static async Task<int> WriteAsync(NpgsqlConnection connection, IReadOnlyList<string> migrations, Stream backup, CancellationToken cancellationToken)
    {
        using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await RequireMigrationsAsync(connection, migrations, cancellationToken).ConfigureAwait(false);
        Dictionary<string, long> rows = [];
        foreach ((string name, _) in Tables)
        {
            rows.Add(name, await CountAsync(connection, name, cancellationToken).ConfigureAwait(false));
        }

        await new BackupManifest(BackupManifest.FormatName, migrations, rows).WriteAsync(backup, cancellationToken).ConfigureAwait(false);
        foreach ((string name, string columns) in Tables)
        {
            NpgsqlRawCopyStream content =
                await connection.BeginRawBinaryCopyAsync($"COPY {name} ({columns}) TO STDOUT (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
            content.ReadTimeout = Timeout.Infinite;
            await using (content.ConfigureAwait(false))
            {
                await BackupFrames.WriteAsync(content, backup, cancellationToken).ConfigureAwait(false);
            }
        }

        return Tables.Length;
    }

    /// <summary>Fills an empty database, all or nothing.</summary>
    /// <exception cref="InvalidDataException">The backup is malformed or of another schema.</exception>
    /// <exception cref="InvalidOperationException">The database is not empty, in use, or being migrated by another program.</exception>
    public static async Task<int> ReadAsync(NpgsqlConnection connection, IReadOnlyList<string> migrations, Stream backup, CancellationToken cancellationToken)
    {
        BackupManifest manifest = BackupManifest.Read(backup);
        if (!manifest.Migrations.SequenceEqual(migrations, StringComparer.Ordinal) || !manifest.Rows.Keys.ToHashSet().SetEquals(Tables.Select(table => table.Name)))
        {
            throw new InvalidDataException("The backup is of another schema: restore it with the version of Sage that made it, then migrate.");
        }

        using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        await RequireMigrationsAsync(connection, migrations, cancellationToken).ConfigureAwait(false);
        await RequireEmptyAsync(connection, cancellationToken).ConfigureAwait(false);
        foreach ((string name, string columns) in Tables)
        {
            await FillAsync(connection, $"COPY {name} ({columns}) FROM STDIN (FORMAT BINARY)", backup, cancellationToken).ConfigureAwait(false);
            if (await CountAsync(connection, name, cancellationToken).ConfigureAwait(false) != manifest.Rows[name])
            {
                throw new InvalidDataException($"The backup has another number of rows of {name} than it says.");
            }
        }

        BackupFrames.RequireEnd(backup);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return Tables.Length;
    }

    private static async Task FillAsync(NpgsqlConnection connection, string copy, Stream backup, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlRawCopyStream content = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken).ConfigureAwait(false);

            // The server answers when indexes and counts are made, which takes as long as it takes.
            (content.ReadTimeout, content.WriteTimeout) = (Timeout.Infinite, Timeout.Infinite);
            await using (content.ConfigureAwait(false))
            {
                try
                {
                    await BackupFrames.ReadAsync(backup, content, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is InvalidDataException or IOException)
                {
                    await content.CancelAsync().ConfigureAwait(false);
                    throw;
                }
            }
        }
        catch (PostgresException exception) when (exception.SqlState[..2] is "22" or "23")
        {
            // The classes of malformed data and of broken constraints.
            throw new InvalidDataException("The backup has rows that the tables do not take.", exception);
        }
    }

    // What holds a lock on a table for long writes to it: a node, which would find itself in the middle of a restore.
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string tables = string.Join(", ", All);
        using NpgsqlCommand command = Untimed(connection, $"SET LOCAL lock_timeout = '10s'; LOCK TABLE {tables} IN EXCLUSIVE MODE");
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new InvalidOperationException("The tables are in use: stop the nodes first.", exception);
        }
    }

    private static async Task RequireEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (string name in All)
        {
            if (await CountAsync(connection, name, cancellationToken).ConfigureAwait(false) > 0)
            {
                throw new InvalidOperationException($"The database is not empty: {name} has rows. Restore into a new database.");
            }
        }
    }

    // Inside the transaction, so that what is read or filled has the schema that the backup names.
    private static async Task RequireMigrationsAsync(NpgsqlConnection connection, IReadOnlyList<string> migrations, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = Untimed(connection, "SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM sage_migrations");
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string != string.Join(' ', migrations))
        {
            throw new InvalidOperationException("Another program migrates the database: try again with its version of Sage.");
        }
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = Untimed(connection, $"SELECT count(*) FROM {table}");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    // What is done here once may take long, and has no time of its own: whoever waits cancels.
    private static NpgsqlCommand Untimed(NpgsqlConnection connection, string text)
    {
        NpgsqlCommand command = Command(connection, text);
        command.CommandTimeout = 0;
        return command;
    }
}
