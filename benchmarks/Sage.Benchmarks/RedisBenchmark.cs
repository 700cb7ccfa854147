using System.Diagnostics;
using System.Globalization;
using Sage.Crypto;
using Sage.Redis;
using StackExchange.Redis;

namespace Sage.Benchmarks;

/// <summary>
/// The shared replay memory against the one command it cannot do without, over the same connection, in turns. Needs a server of its own:
/// <c>SAGE_BENCHMARK_REDIS</c> names it in the words of StackExchange.Redis.
/// </summary>
internal static class RedisBenchmark
{
    private const string Prefix = "sage:benchmark:";
    private const int Rounds = 15;
    private const int Together = 64;

    private static readonly int Calls = 4_000;
    private static int made;

    public static async Task RunAsync()
    {
        if (Environment.GetEnvironmentVariable("SAGE_BENCHMARK_REDIS") is not { Length: > 0 } configuration)
        {
            Console.WriteLine();
            Console.WriteLine("Redis is not measured: SAGE_BENCHMARK_REDIS names no server.");
            return;
        }

        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(configuration + ",allowAdmin=true");
        await using RedisNonceStore store = new(connection, new RedisNonceStoreOptions { KeyPrefix = Prefix, Capacity = 100_000_000, Timeout = TimeSpan.FromSeconds(30) });
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddMinutes(10);
        IDatabase database = connection.GetDatabase();
        IServer server = connection.GetServers()[0];
        Func<string, Task<bool>> raw = nonce => database.StringSetAsync(Prefix + "raw:" + nonce, "1", TimeSpan.FromMinutes(10), When.NotExists);
        Func<string, Task<bool>> ours = async nonce => await store.TryConsumeAsync("did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3", nonce, until) == NonceResult.Accepted;
        Console.WriteLine();
        Console.WriteLine("### nonce check in Redis");
        Console.WriteLine();
        Console.WriteLine("| | one after another | bytes | 64 at once, a second | bytes of the server |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        Result[] results = await MeasureAsync(server, [raw, ours]);
        Print("SET NX PX", results[0]);
        Print("RedisNonceStore", results[1]);
    }

    private static void Print(string name, Result result) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {result.Alone:0.0} µs | {result.Bytes:N0} | {result.PerSecond:N0} | {result.ServerBytes:0} |"));

    private static async Task<Result[]> MeasureAsync(IServer server, Func<string, Task<bool>>[] ways)
    {
        Result[] best = [.. ways.Select(_ => new Result(double.MaxValue, double.MaxValue, 0, 0))];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < ways.Length; i++)
            {
                Result result = await OnceAsync(server, ways[i]);
                best[i] = new Result(
                    Math.Min(best[i].Alone, result.Alone), Math.Min(best[i].Bytes, result.Bytes), Math.Max(best[i].PerSecond, result.PerSecond),
                    best[i].ServerBytes + (result.ServerBytes / Rounds));
            }
        }

        return best;
    }

    private static async Task<Result> OnceAsync(IServer server, Func<string, Task<bool>> way)
    {
        string[] nonces = [.. Enumerable.Range(0, 2 * Calls).Select(_ => $"{Interlocked.Increment(ref made):x32}")];
        long memory = await UsedAsync(server);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            Require(await way(nonces[i]));
        }

        double alone = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        double bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Calls;
        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async first =>
        {
            for (int i = Calls + first; i < nonces.Length; i += Together)
            {
                Require(await way(nonces[i]));
            }
        }));
        double perSecond = Calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Result(alone, bytes, perSecond, (await UsedAsync(server) - memory) / (2.0 * Calls));
    }

    private static async Task<long> UsedAsync(IServer server) => long.Parse(
        (await server.InfoAsync("memory")).SelectMany(part => part).Single(field => field.Key == "used_memory").Value, CultureInfo.InvariantCulture);

    private static void Require(bool accepted)
    {
        if (!accepted)
        {
            throw new InvalidOperationException("The server refused a nonce that is new: it must be empty.");
        }
    }

    private sealed record Result(double Alone, double Bytes, double PerSecond, double ServerBytes);
}
