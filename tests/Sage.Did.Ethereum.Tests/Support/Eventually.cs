using System.Diagnostics;

namespace Sage.Did.Ethereum.Tests;

/// <summary>Waits for what another thread brings about; the limit is far beyond what it takes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task BecomesAsync(Func<bool> condition, string what) => BecomesAsync(() => Task.FromResult(condition()), what);

    public static async Task BecomesAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Limit), what);
            await Task.Delay(5);
        }
    }
}
