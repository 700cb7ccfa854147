using Sage.Did;

namespace Sage.Tests.Contracts;

/// <summary>A store of a mirror in memory.</summary>
internal sealed class MemoryRegistryMirrorStore : IRegistryMirrorStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<AgentDid, RegistryMirrorEntry> entries = [];
    private byte[]? checkpoint;

    public int Saves { get; private set; }

    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receive);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            foreach (RegistryMirrorEntry entry in entries.Values)
            {
                receive(entry);
            }

            return ValueTask.FromResult(checkpoint is null ? default(ReadOnlyMemory<byte>?) : checkpoint);
        }
    }

    public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        cancellationToken.ThrowIfCancellationRequested();
        if (checkpoint.Length is 0 or > IRegistryMirrorStore.MaxCheckpointSize)
        {
            throw new ArgumentException("The checkpoint is empty or too large.", nameof(checkpoint));
        }

        if (changed.DistinctBy(entry => entry.Did).Count() != changed.Count)
        {
            throw new ArgumentException("A DID occurs twice.", nameof(changed));
        }

        lock (gate)
        {
            this.checkpoint = checkpoint.ToArray();
            foreach (RegistryMirrorEntry entry in changed)
            {
                entries[entry.Did] = entry;
            }

            Saves++;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            checkpoint = null;
            entries.Clear();
        }

        return ValueTask.CompletedTask;
    }
}
