namespace Sage.Session;

/// <summary>A token that is cancelled by the caller or by the clock.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource linked;

    public Deadline(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        timer = new CancellationTokenSource(limit, timeProvider);
        linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
    }

    public CancellationToken Token => linked.Token;

    public void Dispose()
    {
        linked.Dispose();
        timer.Dispose();
    }
}
