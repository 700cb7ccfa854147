using Sage.Crypto;

namespace Sage.HttpSignatures.Tests;

/// <summary>Finds the keys that a test gives it, and counts how often it is asked.</summary>
internal sealed class TestKeys(TimeProvider time) : IKeyResolver
{
    private readonly Dictionary<string, KeyResolution> known = [];
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    public Exception? Failure { get; set; }

    public TestKeys Add(string keyId, string subject, params PublicKey[] keys) => Add(keyId, new KeyResolution
    {
        Status = KeyResolutionStatus.Resolved,
        Subject = subject,
        Keys = keys,
        ObservedAt = time.GetUtcNow(),
    });

    public TestKeys Add(string keyId, KeyResolution resolution)
    {
        known[keyId] = resolution;
        return this;
    }

    public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref calls);
        return Failure is { } failure
            ? ValueTask.FromException<KeyResolution>(failure)
            : ValueTask.FromResult(known.TryGetValue(query.KeyId, out KeyResolution? resolution) ? resolution : new KeyResolution { Status = KeyResolutionStatus.NotFound });
    }
}
