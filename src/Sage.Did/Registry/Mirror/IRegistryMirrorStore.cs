namespace Sage.Did;

/// <summary>
/// Keeps what a mirror of a registry has read, so that a restart need not read it all again. To the store it is opaque: one
/// checkpoint, and one entry per DID. One mirror writes to a store; whoever can write to it can add keys to agents.
/// </summary>
/// <remarks>Every method may throw what the store throws when it cannot be reached: the mirror then goes on without it.</remarks>
public interface IRegistryMirrorStore
{
    /// <summary>The largest checkpoint, in bytes.</summary>
    const int MaxCheckpointSize = 64 * 1024;

    /// <summary>Reads everything, as it was at one time between two writes.</summary>
    /// <param name="receive">Takes every entry once, in any order; what it throws ends the reading.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The checkpoint, or <see langword="null"/> if none was saved since the store was last cleared.</returns>
    ValueTask<ReadOnlyMemory<byte>?> LoadAsync(Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken = default);

    /// <summary>Replaces the checkpoint and the entries of some DIDs in one step: all or nothing, and durable.</summary>
    /// <param name="checkpoint">The checkpoint, 1 to 65,536 bytes.</param>
    /// <param name="changed">Entries to add or to replace, at most one per DID; others stay.</param>
    /// <param name="cancellationToken">Cancels the call; all of it may have been saved.</param>
    /// <exception cref="ArgumentException">The checkpoint is empty or too large, or a DID occurs twice; nothing changed.</exception>
    ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken = default);

    /// <summary>Removes the checkpoint and all entries in one step.</summary>
    /// <param name="cancellationToken">Cancels the call; all of it may have been removed.</param>
    ValueTask ClearAsync(CancellationToken cancellationToken = default);
}
