using System.Data;
using Microsoft.Data.Sqlite;
using Sage.Databases;

namespace Sage.Sqlite.Internal;

/// <summary>
/// The connections to one file: one that writes and one that reads, each used by one caller at a time, so that writers of this process
/// queue here and not in the file's lock. A commit is durable when it returns, also against a loss of power.
/// </summary>
internal sealed class SqliteLink(string path, TimeSpan timeout, StoreInstruments instruments) : IDisposable
{
    private readonly Slot writer = new();
    private readonly Slot reader = new();
    private volatile bool disposed;

    /// <summary>Runs a write in a transaction that is committed if it returns and rolled back if it throws.</summary>
    public ValueTask<T> WriteAsync<T>(string operation, Func<SqliteConnection, T> write, CancellationToken cancellationToken) =>
        RunAsync(operation, writer, connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            T result = write(connection);
            transaction.Commit();
            return result;
        }, cancellationToken);

    /// <summary>Runs one statement that reads.</summary>
    public ValueTask<T> ReadAsync<T>(string operation, Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        RunAsync(operation, reader, read, cancellationToken);

    /// <summary>Runs a long read on a connection of its own, so that nothing waits for it.</summary>
    public ValueTask<T> LoadAsync<T>(string operation, Func<SqliteConnection, T> load, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<T>(cancellationToken)
            : instruments.MeasureAsync(operation, () =>
            {
                using SqliteConnection connection = Open();
                return ValueTask.FromResult(load(connection));
            }, SqliteFailure.Wrap);

    /// <summary>Opens a connection of its own; the caller disposes it.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public SqliteConnection Open()
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(SqliteDatabase));
        SqliteConnection connection = Create();
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that is not open yet, and sets itself up when it is.</summary>
    public SqliteConnection Create()
    {
        CreateFile();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(timeout.TotalSeconds),
        }.ToString());
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Open)
            {
                SetUp(connection);
            }
        };
        return connection;
    }

    public void Dispose()
    {
        disposed = true;
        writer.Dispose();
        reader.Dispose();
    }

    private ValueTask<T> RunAsync<T>(string operation, Slot slot, Func<SqliteConnection, T> run, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<T>(cancellationToken)
            : instruments.MeasureAsync(operation, async () =>
            {
                await slot.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    return run(slot.Connection ??= Open());
                }
                catch (SqliteException)
                {
                    // The next call starts afresh: what is wrong may be this connection.
                    slot.Close();
                    throw;
                }
                finally
                {
                    slot.Gate.Release();
                }
            }, SqliteFailure.Wrap);

    // The journal beside it gets the same permissions from SQLite.
    private void CreateFile()
    {
        if (!File.Exists(path))
        {
            FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(path, options).Dispose();
        }
    }

    private void SetUp(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout = {(int)timeout.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
    }

    /// <summary>One connection and who may use it.</summary>
    private sealed class Slot : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public SqliteConnection? Connection { get; set; }

        public void Close()
        {
            Connection?.Dispose();
            Connection = null;
        }

        public void Dispose()
        {
            Gate.Wait();
            Close();
            Gate.Release();
        }
    }
}
