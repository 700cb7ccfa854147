namespace Sage.HttpSignatures;

/// <summary>The answer of a <see cref="KeyDirectoryClient"/>.</summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class KeyDirectoryLookup
{
    internal KeyDirectoryLookup(KeyDirectoryStatus status, DateTimeOffset observedAt, DirectoryKey? key = null)
    {
        Status = status;
        ObservedAt = observedAt;
        Key = key;
    }

    /// <summary>What came of it.</summary>
    public KeyDirectoryStatus Status { get; }

    /// <summary>The key, exactly when <see cref="Status"/> is <see cref="KeyDirectoryStatus.Found"/>.</summary>
    public DirectoryKey? Key { get; }

    /// <summary>When the directory last said so; for a failure, when it was last tried.</summary>
    public DateTimeOffset ObservedAt { get; }

    /// <summary>Returns the status.</summary>
    public override string ToString() => Status.ToString();
}
