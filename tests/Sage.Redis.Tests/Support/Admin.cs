using Sage.Tests;
using StackExchange.Redis;

namespace Sage.Redis.Tests;

/// <summary>A connection beside the stores, to look at the server and to disturb it.</summary>
internal sealed class Admin : IAsyncDisposable
{
    private readonly ConnectionMultiplexer connection;

    private Admin(ConnectionMultiplexer connection) => this.connection = connection;

    public IDatabase Database => connection.GetDatabase();

    public static async Task<Admin> ConnectAsync(RedisServer server) =>
        new(await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true"));

    public Task<RedisResult> RunAsync(string command, params object[] arguments) => Database.ExecuteAsync(command, arguments);

    public async Task<string[]> KeysAsync() => (string[])(await RunAsync("KEYS", "*"))!;

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
