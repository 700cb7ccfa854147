using Sage.Did;

namespace Sage.Databases;

/// <summary>What a save of a mirror must keep to, checked before anything is written.</summary>
internal static class MirrorRules
{
    /// <exception cref="ArgumentException">The checkpoint is empty or too large, or a DID occurs twice.</exception>
    public static void Check(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (checkpoint.Length is 0 or > IRegistryMirrorStore.MaxCheckpointSize)
        {
            throw new ArgumentException($"The checkpoint is 1 to {IRegistryMirrorStore.MaxCheckpointSize} bytes.", nameof(checkpoint));
        }

        HashSet<AgentDid> dids = [];
        if (!changed.All(entry => dids.Add(entry.Did)))
        {
            throw new ArgumentException("A DID occurs twice.", nameof(changed));
        }
    }
}
