namespace Sage.Did.Ethereum;

/// <summary>Follows the chain as one endpoint tells it, and says which agents may have changed. Not safe for several threads.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="deployment">Whose agents count.</param>
/// <param name="changed">Told agents that may have changed, after the endpoint can no longer answer from before.</param>
/// <param name="lost">Told that any agent may have changed.</param>
internal sealed class EndpointWatch(RegistryEndpoint endpoint, EthereumDeployment deployment, Action<IReadOnlyCollection<UInt256>> changed, Action<ulong> lost)
{
    // Behind by more than this, reading every block costs more than asking anew for the agents in use.
    private const ulong MaxBlocksBehind = 100_000;
    private const int MaxRewinds = 5;
    private const int MaxTouched = 10_000;

    private readonly LogReader reader = new(endpoint.Client, WatchedEvents.Filter(deployment));
    private TouchedAgents touched = new(MaxTouched);
    private LogCursor? cursor;

    // Up to here it was told that what happened is settled, and for which newest block that was looked at.
    private ulong settled;
    private EthereumHash settledFor;

    /// <summary>Looks for a new block, and if there is one at what happened up to it. A call that fails is continued by the next one.</summary>
    /// <exception cref="EthereumRpcException">The endpoint failed.</exception>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await endpoint.GetHeadAsync(cancellationToken).ConfigureAwait(false);
        endpoint.Floor = head.Number;
        if (cursor is null || (head.Number > cursor.NextBlock && head.Number - cursor.NextBlock > MaxBlocksBehind) || !GoBack(cursor, head))
        {
            Begin(head);
        }

        await ReadAsync(head, cancellationToken).ConfigureAwait(false);
        await SettleAsync(head, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReadAsync(BlockHeader head, CancellationToken cancellationToken)
    {
        int rewinds = 0;
        while (cursor!.NextBlock <= head.Number)
        {
            LogPage page = await reader.ReadPageAsync(cursor, head.Number, cancellationToken).ConfigureAwait(false);
            if (page.RewoundTo is { } first)
            {
                if (page.Next.Checkpoints.Count == 0)
                {
                    Begin(head);
                }
                else
                {
                    Rewind(page.Next, first);
                }

                if (++rewinds > MaxRewinds)
                {
                    throw new EthereumRpcException(EthereumRpcError.Reorganized, "The chain was reorganised again and again while its logs were read.");
                }

                continue;
            }

            HashSet<UInt256> agents = [];
            foreach (EthereumLog log in page.Logs)
            {
                if (WatchedEvents.AgentOf(log, deployment) is { } agent)
                {
                    touched.Add(log.BlockNumber, agent);
                    agents.Add(agent);
                }
            }

            cursor = page.Next;
            changed(agents);
        }
    }

    /// <summary>
    /// Goes back behind a head that is lower than what was read, or another block of that number: while the floor is lower, answers from
    /// before may be taken in again, so what follows has to be told again.
    /// </summary>
    /// <returns><see langword="false"/> if nothing is left that was read.</returns>
    private bool GoBack(LogCursor at, BlockHeader head)
    {
        int kept = at.Checkpoints.Count(passed => passed.Number < head.Number || passed == new LogCheckpoint(head.Number, head.Hash));
        if (kept > 0 && kept < at.Checkpoints.Count)
        {
            LogCursor back = at.BackTo(kept);
            Rewind(back, back.NextBlock);
        }

        return kept > 0;
    }

    private void Rewind(LogCursor back, ulong first)
    {
        cursor = back;
        if (touched.TryTake(first, out IReadOnlyCollection<UInt256>? agents))
        {
            changed(agents);
        }
        else
        {
            lost(first);
        }
    }

    private void Begin(BlockHeader head)
    {
        cursor = new LogCursor(head.Number, [new LogCheckpoint(head.Number, head.Hash)]);
        touched = new TouchedAgents(MaxTouched);
        settled = head.Number;
        lost(head.Number);
    }

    /// <summary>Tells agents once more when what changed is settled: only then does a new key count, and an answer from before does not have it.</summary>
    private async ValueTask SettleAsync(BlockHeader head, CancellationToken cancellationToken)
    {
        if (touched.Newest <= settled || head.Hash == settledFor)
        {
            return;
        }

        BlockHeader now = await endpoint.GetSettledAsync(head, cancellationToken).ConfigureAwait(false);
        settledFor = head.Hash;
        if (now.Number <= settled)
        {
            return;
        }

        IReadOnlyCollection<UInt256>? agents = touched.Between(settled + 1, now.Number);
        settled = now.Number;
        if (agents is null)
        {
            lost(now.Number);
        }
        else if (agents.Count > 0)
        {
            changed(agents);
        }
    }
}
