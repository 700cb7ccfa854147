using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>Follows the events of a deployment through one node after the other: whichever fails hands over to the next, and where it was read up to stays.</summary>
internal sealed class RegistryWatch(EthereumDeployment deployment, IReadOnlyList<IEthereumRpc> nodes, WatchPrinter printer, TimeSpan interval, TimeProvider timeProvider)
{
    private const int MostDoublings = 4;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly EthereumClient[] clients = [.. nodes.Select(node => new EthereumClient(node, timeProvider))];
    private readonly LogReader[] readers = [.. nodes.Select(node => new LogReader(new EthereumClient(node, timeProvider), RegistryEvents.Filter(deployment)))];
    private readonly HashSet<int> isChecked = [];
    private LogCursor? cursor;
    private int current;

    /// <summary>Prints events until cancelled, or until a block is passed.</summary>
    /// <param name="firstBlock">The first block; the one after the newest if not given.</param>
    /// <param name="lastBlock">The last block; none if not given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EthereumRpcException">No node answers at the beginning, or one is of another chain or knows no such contracts.</exception>
    public async Task RunAsync(ulong? firstBlock, ulong? lastBlock, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (true)
        {
            try
            {
                if (await ReadAsync(firstBlock, lastBlock, cancellationToken))
                {
                    return;
                }

                printer.Answered(failures);
                failures = 0;
            }
            catch (EthereumRpcException failure) when (!IsFinal(failure, failures))
            {
                printer.Failed(failure, failures++);
                current = (current + 1) % clients.Length;
            }

            TimeSpan pause = interval * (1 << Math.Min(failures, MostDoublings));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, timeProvider, cancellationToken);
        }
    }

    // What is wrong with a node's chain does not pass. That none answers at first is most often a mistyped URL.
    private bool IsFinal(EthereumRpcException failure, int failures) =>
        failure.Error is EthereumRpcError.WrongChain or EthereumRpcError.NoContract || (cursor is null && failures + 1 >= clients.Length);

    /// <summary>Prints what is new; true when the last block is passed.</summary>
    private async Task<bool> ReadAsync(ulong? firstBlock, ulong? lastBlock, CancellationToken cancellationToken)
    {
        if (!isChecked.Contains(current))
        {
            await RegistryWriteCommand.CheckAsync(clients[current], deployment, cancellationToken);
            isChecked.Add(current);
        }

        BlockHeader head = await clients[current].GetBlockAsync(BlockTag.Latest, cancellationToken);
        cursor ??= new LogCursor(firstBlock ?? head.Number + 1);
        while (cursor.NextBlock <= Math.Min(head.Number, lastBlock ?? ulong.MaxValue))
        {
            LogPage page = await readers[current].ReadPageAsync(cursor, Math.Min(head.Number, lastBlock ?? ulong.MaxValue), cancellationToken);
            printer.Print(page);
            cursor = page.Next;
        }

        return cursor.NextBlock > lastBlock;
    }
}
