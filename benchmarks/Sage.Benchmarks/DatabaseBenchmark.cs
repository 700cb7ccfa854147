using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sage.Crypto;
using Sage.Did;
using Sage.PostgreSql;
using Sage.Session;
using Sage.Sqlite;

namespace Sage.Benchmarks;

/// <summary>
/// What the databases do for each message, against the one statement that it could not do without, on the same database, as durable and
/// in turns. SQLite uses a file in the temporary folder; PostgreSQL an empty database whose connection string is in
/// <c>SAGE_BENCHMARK_POSTGRES</c>.
/// </summary>
internal static class DatabaseBenchmark
{
    private const int Rounds = 12;
    private const int Calls = 300;
    private const int StateSize = 453;
    private const string CreateNonces = "CREATE TABLE raw_nonces (id CHAR(64) PRIMARY KEY, expires_at BIGINT NOT NULL)";
    private const string CreateSessions = "CREATE TABLE raw_sessions (id VARCHAR(64) PRIMARY KEY, version BIGINT NOT NULL, state BINARY NOT NULL)";
    private const string InsertNonce = "INSERT INTO raw_nonces (id, expires_at) VALUES (@id, @end) ON CONFLICT DO NOTHING";
    private const string InsertSession = "INSERT INTO raw_sessions (id, version, state) VALUES ('one', 1, @state)";
    private const string UpdateSession = "UPDATE raw_sessions SET version = @version, state = @state WHERE id = 'one' AND version = @version - 1";

    private static readonly AgentDid Peer = AgentDid.Parse("did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3");
    private static readonly byte[] State = new byte[StateSize];
    private static int made;

    public static async Task RunAsync()
    {
        string file = Path.Combine(Path.GetTempPath(), $"sage-benchmark-{Environment.ProcessId}.db");
        using (SqliteDatabase sqlite = new(file))
        {
            await sqlite.MigrateAsync();
            await using SqliteConnection raw = new($"Data Source={file}");
            await raw.OpenAsync();
            await ExecuteAsync(raw, "PRAGMA synchronous = FULL");
            await MeasureAsync("SQLite", raw, "BLOB", sqlite.Nonces, sqlite.Sessions);
        }

        SqliteConnection.ClearAllPools();
        foreach (string name in new[] { file, file + "-wal", file + "-shm" })
        {
            File.Delete(name);
        }

        if (Environment.GetEnvironmentVariable("SAGE_BENCHMARK_POSTGRES") is not { Length: > 0 } connectionString)
        {
            Console.WriteLine();
            Console.WriteLine("PostgreSQL is not measured: SAGE_BENCHMARK_POSTGRES holds no connection string.");
            return;
        }

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString + ";Max Auto Prepare=20;Auto Prepare Min Usages=2");
        await using PostgreSqlDatabase postgres = new(source);
        await postgres.MigrateAsync();
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await MeasureAsync("PostgreSQL", connection, "BYTEA", postgres.Nonces, postgres.Sessions);
    }

    private static async Task MeasureAsync(string name, DbConnection connection, string binary, INonceStore nonces, ISessionStore sessions)
    {
        await ExecuteAsync(connection, CreateNonces);
        await ExecuteAsync(connection, CreateSessions.Replace("BINARY", binary, StringComparison.Ordinal));
        await ExecuteAsync(connection, InsertSession, ("@state", State));
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddMinutes(10);
        Require(await sessions.TryAddAsync(new StoredSession("one", Peer, 1, end, State)) == SessionStoreResult.Added);
        long rawVersion = 1;
        long version = 1;
        (string Name, Func<Task> Run)[] ways =
        [
            ("a nonce: `INSERT`", async () => Require(await ExecuteAsync(connection, InsertNonce, ("@id", Nonce()), ("@end", end.ToUnixTimeMilliseconds())) == 1)),
            ("a nonce: `INonceStore`", async () => Require(await nonces.TryConsumeAsync(Peer.Value, Nonce(), end) == NonceResult.Accepted)),
            ("a record: `UPDATE`", async () => Require(await ExecuteAsync(connection, UpdateSession, ("@version", ++rawVersion), ("@state", State)) == 1)),
            ("a record: `ISessionStore`", async () => Require(await sessions.TryUpdateAsync(new StoredSession("one", Peer, ++version, end, State)))),
        ];
        double[] best = [.. ways.Select(_ => double.MaxValue)];
        double[] bytes = [.. ways.Select(_ => double.MaxValue)];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < ways.Length; i++)
            {
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                long start = Stopwatch.GetTimestamp();
                for (int call = 0; call < Calls; call++)
                {
                    await ways[i].Run();
                }

                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls);
                bytes[i] = Math.Min(bytes[i], (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Calls);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"### {name}");
        Console.WriteLine();
        Console.WriteLine("| | one after another | bytes |");
        Console.WriteLine("|---|---:|---:|");
        for (int i = 0; i < ways.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {ways[i].Name} | {best[i]:0} µs | {bytes[i]:N0} |"));
        }
    }

    private static async Task<int> ExecuteAsync(DbConnection connection, string text, params (string Name, object Value)[] parameters)
    {
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach ((string name, object value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync();
    }

    private static string Nonce() => $"{Interlocked.Increment(ref made):x64}";

    private static void Require(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException("A statement did not do what it should: the database must be empty.");
        }
    }
}
