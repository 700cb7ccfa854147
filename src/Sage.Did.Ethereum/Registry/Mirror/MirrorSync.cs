using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>
/// Follows the logs of a deployment and makes a mirror's table of them. What is settled is kept; what came after it is read anew each
/// time and can only take trust away. Not safe for several threads.
/// </summary>
internal sealed class MirrorSync(
    EthereumDeployment deployment, IEthereumRpc rpc, RegistryMirrorOptions options, MirrorStorage storage, TimeProvider timeProvider, ILogger logger)
{
    private const int MaxPasses = 10;
    private const int MaxRewinds = 5;

    private readonly RegistryEndpoint endpoint = new(rpc, deployment, options.MaxHeadAge, options.Confirmations, timeProvider);
    private readonly LogReader reader = new(new EthereumClient(rpc, timeProvider), RegistryEvents.Filter(deployment));
    private readonly KeyImport import = new(deployment);

    // Twice as many, because it drops half of what it may hold at a time.
    private readonly RevocationMemory revocations = new(2 * options.MaxAgents);
    private readonly HashSet<UInt256> distrusted = [];
    private readonly HashSet<UInt256> unjudged = [];
    private Dictionary<UInt256, AgentProjection> settled = [];
    private Dictionary<UInt256, AgentProjection> tail = [];
    private LogCursor? cursor;
    private MirrorTable table = new();
    private MirrorTable? thrownAway;
    private bool isLoaded;
    private bool isShown;

    /// <summary>Reads up to the newest block. A call that fails is continued by the next one.</summary>
    /// <returns>What may be answered from now on, and whose answer is another than before.</returns>
    /// <exception cref="EthereumRpcException">The endpoint failed.</exception>
    /// <exception cref="LogContradictionException">A log is missing, or what was settled is no longer so: <see cref="Restart"/>.</exception>
    /// <exception cref="MirrorRefusedException">There are too many agents.</exception>
    public async Task<(MirrorView View, IReadOnlyList<AgentDid> Changed)> PollAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        (BlockHeader last, BlockHeader head) = await endpoint.SeeAsync(cancellationToken).ConfigureAwait(false);
        cursor ??= new LogCursor(options.FirstBlock ?? await FirstBlockSearch.FindAsync(endpoint.Client, deployment.IdentityRegistry, head.Number, cancellationToken).ConfigureAwait(false));

        // Catching up takes a while, in which the chain goes on.
        for (int pass = 0; pass < MaxPasses && await ReadSettledAsync(cursor, last, cancellationToken).ConfigureAwait(false) > 1; pass++)
        {
            (last, head) = await endpoint.SeeAsync(cancellationToken).ConfigureAwait(false);
        }

        Dictionary<UInt256, AgentProjection> newest = await ReadTailAsync(cursor, head, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<AgentDid> changed = Judge(cursor, head, newest);
        if (!isShown || thrownAway is not null)
        {
            MirrorLog.CaughtUp(logger, deployment, head.Number, table.Count);
            changed = thrownAway is null ? [] : Differing(thrownAway);
        }

        (isShown, thrownAway) = (true, null);
        await storage.SaveAsync(cursor, settled, cancellationToken).ConfigureAwait(false);
        return (new MirrorView(table, head, options.MaxHeadAge, timeProvider), changed);
    }

    /// <summary>Throws everything away but what is distrusted, so that the next call reads from the first block.</summary>
    public void Restart()
    {
        thrownAway ??= isShown ? table : null;
        table = new MirrorTable();
        settled = [];
        tail = [];
        unjudged.Clear();
        cursor = cursor is null ? null : new LogCursor(cursor.FirstBlock);
        storage.Clear();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (isLoaded)
        {
            return;
        }

        settled.Clear();
        cursor = await storage.LoadAsync(settled, cancellationToken).ConfigureAwait(false);
        unjudged.UnionWith(settled.Keys);
        isLoaded = true;
        if (cursor is not null)
        {
            MirrorLog.Loaded(logger, deployment, cursor.NextBlock - 1, settled.Count);
        }
    }

    /// <summary>Reads up to the settled block.</summary>
    /// <returns>How many pages it took.</returns>
    private async Task<int> ReadSettledAsync(LogCursor from, BlockHeader last, CancellationToken cancellationToken)
    {
        int pages = 0;
        await foreach (LogPage page in reader.ReadAllAsync(from, last.Number, cancellationToken).ConfigureAwait(false))
        {
            if (page.RewoundTo is { } lost)
            {
                throw new LogContradictionException($"Block {lost} counted as settled and is no longer on the chain.");
            }

            if (page.Next.Checkpoints[^1] is { } end && end.Number == last.Number && end.Hash != last.Hash)
            {
                throw new EthereumRpcException(EthereumRpcError.Reorganized, $"Block {last.Number} was another one while the logs before it were read.");
            }

            Dictionary<UInt256, AgentProjection> changes = Apply(page.Logs, [], onlyKnown: false);
            if (settled.Count + changes.Keys.Count(agent => !settled.ContainsKey(agent)) > options.MaxAgents)
            {
                throw new MirrorRefusedException($"The registry has more than {options.MaxAgents} agents, the most that this mirror may keep.");
            }

            foreach ((UInt256 agent, AgentProjection after) in changes)
            {
                storage.Change(agent, settled.GetValueOrDefault(agent), after);
                settled[agent] = after;
                unjudged.Add(agent);
            }

            cursor = page.Next;
            await storage.SaveAsync(cursor, settled, cancellationToken).ConfigureAwait(false);
            pages++;
        }

        return pages;
    }

    /// <summary>Reads what came after the settled block: the agents that it touched, as they are at the newest block.</summary>
    private async Task<Dictionary<UInt256, AgentProjection>> ReadTailAsync(LogCursor from, BlockHeader head, CancellationToken cancellationToken)
    {
        Dictionary<UInt256, AgentProjection> newest = [];
        LogCursor at = from;
        int rewinds = 0;
        while (at.NextBlock <= head.Number)
        {
            LogPage page = await reader.ReadPageAsync(at, head.Number, cancellationToken).ConfigureAwait(false);
            if (page.RewoundTo is { } lost)
            {
                if (lost < from.NextBlock)
                {
                    throw new LogContradictionException($"Block {lost} counted as settled and is no longer on the chain.");
                }

                if (++rewinds > MaxRewinds)
                {
                    throw new EthereumRpcException(EthereumRpcError.Reorganized, "The chain was reorganised again and again while its logs were read.");
                }

                newest = [];
                at = from;
                continue;
            }

            newest = Apply(page.Logs, newest, onlyKnown: true);
            at = page.Next;
        }

        if (at.Checkpoints.Count > 0 && at.Checkpoints[^1] is { } end && (end.Number > head.Number || (end.Number == head.Number && end.Hash != head.Hash)))
        {
            throw new EthereumRpcException(EthereumRpcError.Reorganized, $"The node's newest block {head.Number} is not the one whose logs were read.");
        }

        return newest;
    }

    private Dictionary<UInt256, AgentProjection> Apply(IReadOnlyList<EthereumLog> logs, Dictionary<UInt256, AgentProjection> changes, bool onlyKnown)
    {
        foreach (EthereumLog log in logs)
        {
            RegistryEvent change = RegistryEvents.TryRead(deployment, log)
                ?? throw new LogContradictionException($"Log {log.LogIndex} of block {log.BlockNumber} is none that the contracts write.");
            AgentProjection? before = changes.GetValueOrDefault(change.AgentId) ?? settled.GetValueOrDefault(change.AgentId);

            // An agent that is not settled is not there yet, whatever else happens to it.
            if (before is not null || !onlyKnown)
            {
                changes[change.AgentId] = (before ?? AgentProjection.None).Apply(change, import);
            }
        }

        return changes;
    }

    /// <summary>Decides anew about every agent of which something may be otherwise than before.</summary>
    private IReadOnlyList<AgentDid> Judge(LogCursor at, BlockHeader head, Dictionary<UInt256, AgentProjection> newest)
    {
        BlockHeader last = at.Checkpoints.Count > 0 ? new BlockHeader(at.NextBlock - 1, at.Checkpoints[^1].Hash, default, default) : head;
        List<(AgentDid, MirrorEntry)> entries = [];
        foreach (UInt256 agent in unjudged.Union(newest.Keys).Union(tail.Keys).Union(distrusted).ToArray())
        {
            if (!settled.TryGetValue(agent, out AgentProjection? before))
            {
                continue;
            }

            AgentDid did = deployment.FormatDid(agent);
            AgentSighting[] sightings = [new(last, before.ToState(), head, newest.GetValueOrDefault(agent, before).ToState())];
            RevocationMemory.Entry revoked = revocations.Update(did, sightings);
            if (revoked.IsEmpty)
            {
                distrusted.Remove(agent);
            }
            else
            {
                distrusted.Add(agent);
            }

            (DidResolutionStatus status, DidDocument? document) = AgentVerdict.Judge(did, sightings, revoked);
            entries.Add((did, new MirrorEntry(agent, did, before, status, document)));
        }

        IReadOnlyList<AgentDid> changed = table.Set(entries);
        unjudged.Clear();
        tail = newest;
        return changed;
    }

    private AgentDid[] Differing(MirrorTable before) =>
        [.. before.Entries.Where(old => !table.TryGet(old.Key, out MirrorEntry? now) || !old.Value.SaysTheSame(now)).Select(old => old.Key)];
}
