using System.Diagnostics;
using System.Globalization;
using Sage.Crypto;

namespace Sage.Benchmarks;

/// <summary>The replay memory under contention: eight threads on a store with a million live entries.</summary>
internal static class NonceBenchmark
{
    private const int Live = 1_000_000;
    private const int Threads = 8;

    private static readonly int PerThread = 500_000;

    public static void Run()
    {
        InMemoryNonceStore store = new(TimeProvider.System, 10_000_000);
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddMinutes(10);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Live; i++)
        {
            Require(store.TryConsumeAsync(Scope(i), Nonce(0, i), until));
        }

        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        double alone = Measure(1, store, until, first: 1);
        double together = Measure(Threads, store, until, first: 100);
        Console.WriteLine();
        Console.WriteLine("### nonce check in memory");
        Console.WriteLine();
        Console.WriteLine("| | |");
        Console.WriteLine("|---|---:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| bytes for each of {Live:N0} live entries | {memory / (double)Live:0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| checks a second, one thread | {alone / 1e6:0.00} M |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| checks a second, {Threads} threads on {Environment.ProcessorCount} processors | {together / 1e6:0.00} M |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| of that, for each processor | {together / 1e6 / Math.Min(Threads, Environment.ProcessorCount):0.00} M |"));
    }

    private static double Measure(int threads, InMemoryNonceStore store, DateTimeOffset until, int first)
    {
        // The texts are made before, so that the store alone is measured.
        string[][] nonces = [.. Enumerable.Range(first, threads).Select(thread => Enumerable.Range(0, PerThread).Select(i => Nonce(thread, i)).ToArray())];
        string[] scopes = [.. Enumerable.Range(0, 100).Select(Scope)];
        using Barrier start = new(threads + 1);
        Thread[] workers = [.. nonces.Select(own => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < own.Length; i++)
            {
                Require(store.TryConsumeAsync(scopes[i % scopes.Length], own[i], until));
            }
        }))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        long began = Stopwatch.GetTimestamp();
        start.SignalAndWait();
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return threads * (double)PerThread / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string Scope(int i) => $"did:sage:ethereum:0x{i % 100:x40}";

    private static string Nonce(int thread, int i) => $"ctx-00000000-0000-0000-0000-{thread:d12}|{i:d8}-1111-4222-8333-444455556666";

    private static void Require(ValueTask<NonceResult> result)
    {
        if (!result.IsCompletedSuccessfully || result.Result != NonceResult.Accepted)
        {
            throw new InvalidOperationException("The store refused a nonce that is new.");
        }
    }
}
