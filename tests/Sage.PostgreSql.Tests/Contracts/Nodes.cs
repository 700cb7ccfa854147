using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Sage.Databases;

namespace Sage.PostgreSql.Tests;

/// <summary>An empty database, the nodes that a test opens upon it (each with connections of its own), and their clock.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<PostgreSqlDatabase> nodes = [];

    private Nodes(string connectionString) => ConnectionString = connectionString;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    public string ConnectionString { get; }

    public static async Task<Nodes> CreateAsync() => new(await Cluster.Server.CreateDatabaseAsync());

    /// <summary>A node that has as much time as a busy machine needs.</summary>
    public PostgreSqlDatabase Open(PostgreSqlDatabaseOptions? options = null, bool migrate = true)
    {
        options ??= new();
        options.Timeout = Patience;
        PostgreSqlDatabase node = PostgreSqlDatabase.Create(ConnectionString, options, Time);
        nodes.Add(node);
        if (migrate)
        {
            node.MigrateAsync().GetAwaiter().GetResult();
        }

        return node;
    }

    /// <summary>A node with other scripts than those of the package.</summary>
    public PostgreSqlDatabase Open(IReadOnlyList<MigrationScript> scripts)
    {
        PostgreSqlDatabase node = new(NpgsqlDataSource.Create(ConnectionString), true, new PostgreSqlDatabaseOptions { Timeout = Patience }, Time, null, null, scripts);
        nodes.Add(node);
        return node;
    }

    /// <summary>Runs SQL as an operator would.</summary>
    public async Task<object?> SqlAsync(string text)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(text);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgreSqlDatabase node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
