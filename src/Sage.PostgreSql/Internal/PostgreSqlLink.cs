using Npgsql;
using Sage.Databases;

namespace Sage.PostgreSql.Internal;

/// <summary>Runs commands on connections of the pool, within a time, measured.</summary>
internal sealed class PostgreSqlLink(NpgsqlDataSource source, TimeSpan timeout, StoreInstruments instruments)
{
    /// <summary>The first value of the first row.</summary>
    public ValueTask<T> ScalarAsync<T>(string operation, string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        RunAsync(operation, async (connection, token) =>
        {
            using NpgsqlCommand command = Command(connection, text, parameters);
            return (T)(await command.ExecuteScalarAsync(token).ConfigureAwait(false))!;
        }, cancellationToken);

    /// <summary>How many rows a command changed.</summary>
    public ValueTask<int> ExecuteAsync(string operation, string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        RunAsync(operation, async (connection, token) =>
        {
            using NpgsqlCommand command = Command(connection, text, parameters);
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>Runs something on one connection. When the time is over it fails with <see cref="IOException"/>.</summary>
    public ValueTask<T> RunAsync<T>(string operation, Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken, bool isLong = false) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<T>(cancellationToken)
            : instruments.MeasureAsync(operation, () => BoundedAsync(run, isLong, cancellationToken), PostgreSqlFailure.Wrap);

    public static NpgsqlCommand Command(NpgsqlConnection connection, string text, params NpgsqlParameter[] parameters)
    {
        NpgsqlCommand command = new(text, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private async ValueTask<T> BoundedAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, bool isLong, CancellationToken cancellationToken)
    {
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(isLong ? Timeout.InfiniteTimeSpan : timeout);
        try
        {
            using NpgsqlConnection connection = await source.OpenConnectionAsync(bounded.Token).ConfigureAwait(false);
            return await run(connection, bounded.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The time of an operation is over.", exception);
        }
    }
}
