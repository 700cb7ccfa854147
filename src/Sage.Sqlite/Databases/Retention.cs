namespace Sage.Databases;

/// <summary>Removes expired rows in bounded steps, each a transaction of its own, so that nothing waits long for it.</summary>
internal static class Retention
{
    private const int MaxSteps = 200;

    /// <summary>Runs until no expired row is left, or for 200 steps of each kind. A failure is reported and not thrown: the next run comes.</summary>
    public static async Task RunAsync(
        Func<int, CancellationToken, ValueTask<int>> removeNonces, Func<int, CancellationToken, ValueTask<int>> removeSessions, Action<Exception> failed,
        CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(removeNonces, cancellationToken).ConfigureAwait(false);
            await RunAsync(removeSessions, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            failed(exception);
        }
    }

    private static async Task RunAsync(Func<int, CancellationToken, ValueTask<int>> remove, CancellationToken cancellationToken)
    {
        int removed = Sweep.BatchSize;
        for (int step = 0; step < MaxSteps && removed == Sweep.BatchSize; step++)
        {
            removed = await remove(Sweep.BatchSize, cancellationToken).ConfigureAwait(false);
        }
    }
}
