using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Tests;
using Sage.Tests.Contracts;
using StackExchange.Redis;

namespace Sage.Redis.Tests;

/// <summary>The same facts as in memory, upon a real server. Its clock cannot be moved, so the life of everything on it is shortened instead.</summary>
[TestFixture]
public sealed class RedisNonceStoreContractTests : NonceStoreContract
{
    // Every time that is written down on the server is earlier afterwards by so many milliseconds.
    private const string Shorten = """
        local by = tonumber(ARGV[1])
        for _, key in ipairs(redis.call('KEYS', '*')) do
          if redis.call('TYPE', key).ok == 'hash' then
            local counts = redis.call('HGETALL', key)
            local moved = {}
            for i = 1, #counts, 2 do
              if counts[i] ~= 'n' then
                redis.call('HDEL', key, counts[i])
                moved[#moved + 1] = { tonumber(counts[i]) - by, counts[i + 1] }
              end
            end
            for _, count in ipairs(moved) do
              redis.call('HINCRBY', key, count[1], count[2])
            end
          end
          redis.call('PEXPIRE', key, redis.call('PTTL', key) - by)
        end
        """;

    private readonly List<RedisNonceStore> stores = [];
    private FakeTimeProvider time = null!;
    private RedisServer server = null!;
    private ConnectionMultiplexer connection = null!;

    protected override int RaceSize => 10_000;

    protected override DateTimeOffset Now => time.GetUtcNow();

    [OneTimeSetUp]
    public async Task StartServer()
    {
        server = await RedisServer.StartAsync();
        connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [SetUp]
    public async Task SetUp()
    {
        time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));
        await connection.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    [TearDown]
    public async Task TearDown()
    {
        foreach (RedisNonceStore store in stores)
        {
            await store.DisposeAsync();
        }

        stores.Clear();
    }

    protected override INonceStore Create(int capacity)
    {
        // Long enough for a race on a busy machine: no call of this class is to time out.
        RedisNonceStoreOptions options = new() { Capacity = capacity, Timeout = TimeSpan.FromMinutes(1) };
        RedisNonceStore store = RedisNonceStore.Create(server.Configuration, options, time);
        stores.Add(store);
        return store;
    }

    protected override void Advance(TimeSpan by)
    {
        time.Advance(by);
        connection.GetDatabase().ScriptEvaluate(Shorten, values: [(long)by.TotalMilliseconds]);
    }
}
