using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did.Ethereum;

/// <summary>
/// Reads logs range by range. Every page is of one branch of the chain, and continues the page before: when the block where that one
/// ended is no longer on the chain, the reader goes back to the last one that is, and says so. Safe from any thread.
/// </summary>
public sealed class LogReader
{
    private const int MethodNotFound = -32601;

    private readonly EthereumClient client;
    private readonly LogFilter filter;
    private readonly int maxBlocks;
    private readonly int maxAttempts;
    private readonly ILogger logger;

    // What the node managed last. Threads may overwrite each other's value; any value is good.
    private volatile int span;

    /// <summary>Makes a reader.</summary>
    /// <param name="client">The node.</param>
    /// <param name="filter">Which logs are read.</param>
    /// <param name="options">Bounds; read once.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public LogReader(EthereumClient client, LogFilter filter, LogReaderOptions? options = null, ILogger<LogReader>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(filter);
        options ??= new LogReaderOptions();
        options.Validate();
        this.client = client;
        this.filter = filter;
        maxBlocks = options.MaxBlocks;
        maxAttempts = options.MaxAttempts;
        span = maxBlocks;
        this.logger = logger ?? NullLogger<LogReader>.Instance;
    }

    /// <summary>Reads pages until a block is passed. A caller that keeps a cursor stores each page's together with what it made of the page.</summary>
    /// <param name="cursor">Where to begin.</param>
    /// <param name="lastBlock">The last block to read, for example the number of the finalized one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EthereumRpcException"><see cref="EthereumRpcError.Reorganized"/> when the chain does not hold still, or the node failed.</exception>
    public async IAsyncEnumerable<LogPage> ReadAllAsync(LogCursor cursor, ulong lastBlock, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        int rewinds = 0;
        while (cursor.NextBlock <= lastBlock)
        {
            LogPage page = await ReadPageAsync(cursor, lastBlock, cancellationToken).ConfigureAwait(false);
            if (page.RewoundTo is not null && ++rewinds > maxAttempts)
            {
                throw Restless();
            }

            yield return page;
            cursor = page.Next;
        }
    }

    /// <summary>Reads one page: the logs of some blocks that follow the cursor, at most up to a block, or the news that the cursor's block is gone.</summary>
    /// <param name="cursor">Where to begin.</param>
    /// <param name="lastBlock">The last block to read; at least the cursor's next one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is nothing to read.</exception>
    /// <exception cref="EthereumRpcException">The node does not know a block of the range (yet), failed, or the chain does not hold still.</exception>
    public async ValueTask<LogPage> ReadPageAsync(LogCursor cursor, ulong lastBlock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastBlock, cursor.NextBlock);
        int attempts = 0;
        while (true)
        {
            ulong first = cursor.NextBlock;
            ulong count = Math.Min((ulong)span, lastBlock - first + 1);
            BlockHeader end = await FindAsync(first + count - 1, cancellationToken).ConfigureAwait(false);
            List<EthereumLog>? logs;
            try
            {
                JsonElement found = await client.Rpc.SendAsync(filter.ToRequest(first, end.Number), cancellationToken).ConfigureAwait(false);
                logs = LogRange.Read(found, filter, first, end);
            }
            catch (EthereumRpcException exception) when (count > 1 && IsTooMuch(exception))
            {
                span = (int)(count / 2);
                Log.Halving(logger, count, exception.Error, exception.Code);
                continue;
            }

            // In this order: a block that is the last one before and after the logs are read is the one they belong to, and it follows
            // the cursor's if that one is there afterwards; should the chain move between the two, the next page notices.
            if (logs is null || (await FindAsync(end.Number, cancellationToken).ConfigureAwait(false)).Hash != end.Hash)
            {
                if (++attempts >= maxAttempts)
                {
                    throw Restless();
                }

                continue;
            }

            if (cursor.Checkpoints.Count > 0 && !await IsThereAsync(cursor.Checkpoints[^1], cancellationToken).ConfigureAwait(false))
            {
                return await RewindAsync(cursor, cancellationToken).ConfigureAwait(false);
            }

            if (count == (ulong)span)
            {
                span = Math.Min(span * 2, maxBlocks);
            }

            return new LogPage(logs, cursor.After(new LogCheckpoint(end.Number, end.Hash)), null);
        }
    }

    private static bool IsTooMuch(EthereumRpcException exception) => exception.Error switch
    {
        EthereumRpcError.TooLarge or EthereumRpcError.Timeout => true,
        // Nodes have no common code for it; what halving does not cure is thrown for a single block.
        EthereumRpcError.Node => exception.Code != MethodNotFound,
        EthereumRpcError.Status => exception.HttpStatus is 400 or 413 or 500 or 503 or 504,
        _ => false,
    };

    private static EthereumRpcException Restless() => new(EthereumRpcError.Reorganized, "The chain was reorganised again and again while its logs were read.");

    private async ValueTask<LogPage> RewindAsync(LogCursor cursor, CancellationToken cancellationToken)
    {
        int kept = cursor.Checkpoints.Count - 1;
        while (kept > 0 && !await IsThereAsync(cursor.Checkpoints[kept - 1], cancellationToken).ConfigureAwait(false))
        {
            kept--;
        }

        LogCursor back = cursor.BackTo(kept);
        Log.Rewound(logger, cursor.NextBlock, back.NextBlock);
        return new LogPage([], back, back.NextBlock);
    }

    private async ValueTask<bool> IsThereAsync(LogCheckpoint checkpoint, CancellationToken cancellationToken) =>
        (await FindAsync(checkpoint.Number, cancellationToken).ConfigureAwait(false)).Hash == checkpoint.Hash;

    private async ValueTask<BlockHeader> FindAsync(ulong number, CancellationToken cancellationToken) =>
        await client.FindBlockAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw new EthereumRpcException(EthereumRpcError.UnknownBlock, $"The node does not know block {number} (yet).");
}
