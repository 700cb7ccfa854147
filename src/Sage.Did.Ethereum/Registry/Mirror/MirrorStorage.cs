using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum;

/// <summary>Keeps settled state in a store, if there is one. A store that fails costs a restart its head start and nothing else.</summary>
internal sealed class MirrorStorage(IRegistryMirrorStore? store, EthereumDeployment deployment, RegistryMirrorOptions options, ILogger logger)
{
    private readonly HashSet<UInt256> unsaved = [];
    private MirrorSum sum = new();
    private bool mustClear;
    private LogCursor? saved;

    /// <summary>Reads what was saved.</summary>
    /// <returns>How far it was read, or null when the store is empty or its content is not to be used; then it is cleared before the next save.</returns>
    /// <exception cref="MirrorRefusedException">The store belongs to another deployment, or holds too many agents.</exception>
    public async Task<LogCursor?> LoadAsync(Dictionary<UInt256, AgentProjection> agents, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return null;
        }

        KeyImport import = new(deployment);
        sum = new MirrorSum();
        bool isGood = true;
        int count = 0;
        ReadOnlyMemory<byte>? bytes = await store.LoadAsync(Receive, cancellationToken).ConfigureAwait(false);
        MirrorCheckpoint? checkpoint = bytes is { } known ? MirrorCheckpoint.TryRead(known.Span) : null;
        if (checkpoint is not null && (checkpoint.ChainId, checkpoint.Identity, checkpoint.Keys) != (deployment.ChainId, deployment.IdentityRegistry, deployment.KeyRegistry))
        {
            throw new MirrorRefusedException($"The store holds the mirror of identity {checkpoint.Identity}, keys {checkpoint.Keys} on chain {checkpoint.ChainId}.");
        }

        string? reason = bytes is null && count == 0 ? null
            : checkpoint is null ? "it has no checkpoint of this version"
            : checkpoint.Confirmations != (options.Confirmations ?? 0) || (options.FirstBlock is { } first && first != checkpoint.Cursor.FirstBlock) ? "it was made with other settings"
            : !isGood || checkpoint.Count != count || checkpoint.Sum != sum.Value ? "its entries are not those that were saved"
            : null;
        if (reason is null)
        {
            return saved = checkpoint?.Cursor;
        }

        MirrorLog.StoreCleared(logger, deployment, reason);
        agents.Clear();
        Clear();
        return null;

        void Receive(RegistryMirrorEntry entry)
        {
            if (++count > options.MaxAgents)
            {
                throw new MirrorRefusedException($"The store has more than {options.MaxAgents} agents, the most that this mirror may keep.");
            }

            if (deployment.TryParseDid(entry.Did, out UInt256 agentId) && MirrorCodec.TryRead(entry.Value.Span, agentId, import) is { } agent)
            {
                isGood &= agents.TryAdd(agentId, agent);
                sum.Toggle(entry.Did, entry.Value.Span);
            }
            else
            {
                isGood = false;
            }
        }
    }

    /// <summary>Notes that the settled state of an agent is another.</summary>
    public void Change(UInt256 agentId, AgentProjection? before, AgentProjection after)
    {
        if (store is null)
        {
            return;
        }

        AgentDid did = deployment.FormatDid(agentId);
        if (before is not null)
        {
            sum.Toggle(did, MirrorCodec.Write(before));
        }

        sum.Toggle(did, MirrorCodec.Write(after));
        unsaved.Add(agentId);
    }

    /// <summary>Forgets everything that is noted or kept.</summary>
    public void Clear()
    {
        sum = new MirrorSum();
        unsaved.Clear();
        saved = null;
        mustClear = true;
    }

    /// <summary>Saves what changed, if anything did. What a store throws is logged, and saving tried again with the next call.</summary>
    public async Task SaveAsync(LogCursor cursor, Dictionary<UInt256, AgentProjection> agents, CancellationToken cancellationToken)
    {
        if (store is null || (cursor == saved && !mustClear))
        {
            return;
        }

        try
        {
            if (mustClear)
            {
                await store.ClearAsync(cancellationToken).ConfigureAwait(false);
                mustClear = false;
            }

            MirrorCheckpoint checkpoint = new(
                deployment.ChainId, deployment.IdentityRegistry, deployment.KeyRegistry, options.Confirmations ?? 0, cursor, agents.Count, sum.Value);
            RegistryMirrorEntry[] changed = [.. unsaved.Select(agentId => Entry(agentId, agents[agentId]))];
            await store.SaveAsync(checkpoint.Write(), changed, cancellationToken).ConfigureAwait(false);
            unsaved.Clear();
            saved = cursor;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Its message may hold a password.
            MirrorLog.StoreFailed(logger, deployment, exception.GetType().Name);
        }
    }

    private RegistryMirrorEntry Entry(UInt256 agentId, AgentProjection agent)
    {
        AgentState? state = agent.ToState();
        IEnumerable<string> terms = state is null ? []
            : [$"owner:{state.Owner.ToLowerHex()}", state.IsActive ? "active" : "inactive", .. state.Keys.Select(key => $"key:{key.KeyId}")];
        return new RegistryMirrorEntry(deployment.FormatDid(agentId), MirrorCodec.Write(agent), terms);
    }
}
