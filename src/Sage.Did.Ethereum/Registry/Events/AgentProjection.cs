using System.Collections.Immutable;

namespace Sage.Did.Ethereum;

/// <summary>What the logs of an agent, one after the other, come to: the same as the key registry's <c>resolve</c>. Immutable.</summary>
internal sealed record AgentProjection
{
    /// <summary>The most keys the contract lists.</summary>
    public const int MaxKeys = 16;

    /// <summary>An agent of which no log is known.</summary>
    public static AgentProjection None { get; } = new();

    /// <summary>Who owns the agent; zero when there is no such agent.</summary>
    public EthereumAddress Owner { get; init; }

    /// <summary>Whose keys are listed.</summary>
    public EthereumAddress EpochOwner { get; init; }

    /// <summary>The epoch last started; 0 when nothing was written.</summary>
    public uint Epoch { get; init; }

    /// <summary>Counts the agent's events in the key registry.</summary>
    public ulong Version { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>The keys of the epoch in order. They count while its owner has the agent.</summary>
    public ImmutableArray<ProjectedKey> Keys { get; init; } = [];

    /// <summary>Where the agent's registration file is; null when not said.</summary>
    public string? Uri { get; init; }

    /// <summary>What <c>resolve</c> answers; null when it reverts, because there is no such agent.</summary>
    public AgentState? ToState() => Owner.IsZero
        ? null
        : new AgentState(Owner, IsActive, Version, Owner == EpochOwner ? [.. Keys.Select(key => key.Key)] : []);

    /// <summary>The agent after one more event.</summary>
    /// <param name="change">The event that follows.</param>
    /// <param name="import">Takes the key of a <see cref="RegistryEvent.KeyAdded"/>.</param>
    /// <exception cref="LogContradictionException">An event before it is missing, or it cannot have been written after those before it.</exception>
    public AgentProjection Apply(RegistryEvent change, KeyImport import) => change switch
    {
        RegistryEvent.Transfer transfer => transfer.From == Owner
            ? this with { Owner = transfer.To }
            : throw new LogContradictionException(change.AgentId, $"it was transferred from {transfer.From}, but belonged to {Owner}"),
        RegistryEvent.UriSet set => this with { Uri = set.Uri },
        RegistryEvent.Versioned next when next.Version != Version + 1 =>
            throw new LogContradictionException(change.AgentId, $"version {next.Version} follows version {Version}"),
        RegistryEvent.EpochStarted started => Start(started),
        _ when Owner != EpochOwner || Owner.IsZero =>
            throw new LogContradictionException(change.AgentId, $"version {Version + 1} was written in an epoch of {EpochOwner}, but the agent belonged to {Owner}"),
        RegistryEvent.KeyAdded added => Insert(added, import),
        RegistryEvent.KeyRevoked revoked => Remove(revoked),
        RegistryEvent.ActiveSet set => this with { IsActive = set.IsActive, Version = set.Version },
        _ => throw new ArgumentException($"No event {change.GetType().Name} is known.", nameof(change)),
    };

    private AgentProjection Start(RegistryEvent.EpochStarted started) => started.Owner == Owner && started.Epoch == Epoch + 1
        ? this with { EpochOwner = started.Owner, Epoch = started.Epoch, Version = started.Version, Keys = [] }
        : throw new LogContradictionException(
            started.AgentId, $"epoch {started.Epoch} of {started.Owner} follows epoch {Epoch}, and the agent belonged to {Owner}");

    private AgentProjection Insert(RegistryEvent.KeyAdded added, KeyImport import)
    {
        RegisteredKey key = added.Key;
        if (added.Index > Keys.Length || Keys.Length == MaxKeys || IndexOf(key.KeyId) >= 0)
        {
            throw new LogContradictionException(added.AgentId, $"key {key.KeyId} was inserted at {added.Index} of {Keys.Length}, or is listed already");
        }

        return this with { Version = added.Version, Keys = Keys.Insert(added.Index, import.Project(added.AgentId, EpochOwner, key)) };
    }

    private AgentProjection Remove(RegistryEvent.KeyRevoked revoked) => IndexOf(revoked.KeyId) is >= 0 and int index
        ? this with { Version = revoked.Version, Keys = Keys.RemoveAt(index) }
        : throw new LogContradictionException(revoked.AgentId, $"key {revoked.KeyId} was revoked, but is not listed");

    private int IndexOf(EthereumHash keyId)
    {
        for (int i = 0; i < Keys.Length; i++)
        {
            if (Keys[i].Key.KeyId == keyId)
            {
                return i;
            }
        }

        return -1;
    }
}
