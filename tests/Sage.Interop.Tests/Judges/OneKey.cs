using Sage.Crypto;

namespace Sage.Interop.Tests.Judges;

/// <summary>Knows one key by one name.</summary>
internal sealed class OneKey(string keyId, PublicKey key) : IKeyResolver
{
    public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(
        query.KeyId == keyId
            ? new KeyResolution { Status = KeyResolutionStatus.Resolved, Subject = keyId, Keys = [key], ObservedAt = TimeProvider.System.GetUtcNow() }
            : new KeyResolution { Status = KeyResolutionStatus.NotFound });
}
