namespace Sage.Did.Ethereum;

/// <summary>The logs of a range of blocks, or the news that a reorganisation took blocks away.</summary>
public sealed class LogPage
{
    internal LogPage(IReadOnlyList<EthereumLog> logs, LogCursor next, ulong? rewoundTo)
    {
        Logs = logs;
        Next = next;
        RewoundTo = rewoundTo;
    }

    /// <summary>The logs, in the order in which they were written, each once.</summary>
    public IReadOnlyList<EthereumLog> Logs { get; }

    /// <summary>Where to read on.</summary>
    public LogCursor Next { get; }

    /// <summary>When set: whatever was read of this block and those after it no longer counts. Such a page has no logs; reading on gives those that count.</summary>
    public ulong? RewoundTo { get; }
}
