namespace Sage.Did.Ethereum;

/// <summary>
/// How far logs are read, and on which branch of the chain: a few blocks that were passed, dense near the end and sparse before, so
/// that a reorganisation of any depth finds the way back. Immutable; may be stored and used again.
/// </summary>
public sealed class LogCursor
{
    /// <summary>The most blocks that are remembered.</summary>
    public const int MaxCheckpoints = 32;

    // So many of the newest are never thinned out.
    private const int Dense = 12;

    /// <summary>Makes a cursor.</summary>
    /// <param name="firstBlock">The first block whose logs count, for example the one in which the contract was made.</param>
    /// <param name="checkpoints">Blocks that were passed, oldest first; none to begin.</param>
    /// <exception cref="ArgumentException">There are more than 32 blocks, they do not grow, or one lies before the first.</exception>
    public LogCursor(ulong firstBlock, IEnumerable<LogCheckpoint>? checkpoints = null)
    {
        LogCheckpoint[] passed = [.. checkpoints ?? []];
        if (passed.Length > MaxCheckpoints || passed.Any(checkpoint => checkpoint.Number < firstBlock || checkpoint.Number == ulong.MaxValue))
        {
            throw new ArgumentException("A cursor has at most 32 blocks, and none before its first.", nameof(checkpoints));
        }

        for (int i = 1; i < passed.Length; i++)
        {
            if (passed[i].Number <= passed[i - 1].Number)
            {
                throw new ArgumentException("The blocks of a cursor grow.", nameof(checkpoints));
            }
        }

        FirstBlock = firstBlock;
        Checkpoints = passed;
    }

    /// <summary>The first block whose logs count.</summary>
    public ulong FirstBlock { get; }

    /// <summary>The blocks that were passed, oldest first.</summary>
    public IReadOnlyList<LogCheckpoint> Checkpoints { get; }

    /// <summary>The block that is read next.</summary>
    public ulong NextBlock => Checkpoints.Count > 0 ? Checkpoints[^1].Number + 1 : FirstBlock;

    internal LogCursor After(LogCheckpoint passed)
    {
        List<LogCheckpoint> all = [.. Checkpoints, passed];
        if (all.Count > MaxCheckpoints)
        {
            all.RemoveAt(Sparsest(all));
        }

        return new LogCursor(FirstBlock, all);
    }

    /// <summary>The cursor as it was after the first checkpoints.</summary>
    internal LogCursor BackTo(int count) => new(FirstBlock, Checkpoints.Take(count));

    // The one whose going widens a gap the least, measured by how far back the gap lies.
    private static int Sparsest(List<LogCheckpoint> all)
    {
        int chosen = 1;
        double least = double.MaxValue;
        for (int i = 1; i < all.Count - Dense; i++)
        {
            double gap = (double)(all[i + 1].Number - all[i - 1].Number) / (all[^1].Number - all[i].Number);
            if (gap < least)
            {
                (least, chosen) = (gap, i);
            }
        }

        return chosen;
    }
}
