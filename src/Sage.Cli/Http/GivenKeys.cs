using Sage.Crypto;
using Sage.Did;

namespace Sage.Cli;

/// <summary>
/// The keys of signers, in this order: a key given for exactly this keyid, what the DID says, and a key given for any.
/// A key that is given never stands in for that of an agent which is deactivated.
/// </summary>
internal sealed class GivenKeys(IReadOnlyList<(string? KeyId, PublicKey Key)> given, IDidResolver? registry, TimeProvider timeProvider) : IKeyResolver
{
    private const string GivenSource = "given";

    private readonly DidKeyResolver didKey = new(timeProvider);

    public async ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default)
    {
        if (Given(query.KeyId, query.KeyId) is { } exact)
        {
            return exact;
        }

        KeyResolution resolution = new() { Status = KeyResolutionStatus.NotFound };
        if (DidUrl.TryParse(query.KeyId, out DidUrl url) && (url.Did.Method == "key" ? didKey : registry) is { } resolver)
        {
            resolution = await new AgentKeyResolver(resolver).ResolveAsync(query, cancellationToken);
        }

        return resolution.Status == KeyResolutionStatus.NotFound ? Given(null, query.KeyId) ?? resolution : resolution;
    }

    private KeyResolution? Given(string? named, string keyId)
    {
        PublicKey[] keys = [.. given.Where(entry => entry.KeyId == named).Select(entry => entry.Key)];
        return keys.Length == 0
            ? null
            : new KeyResolution { Status = KeyResolutionStatus.Resolved, Subject = keyId, Keys = keys, Source = GivenSource, ObservedAt = timeProvider.GetUtcNow() };
    }
}
