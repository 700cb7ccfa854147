namespace Sage.HttpSignatures;

/// <summary>One answer to a GET: a document, "not modified", or a failure. Immutable.</summary>
/// <param name="Failure">Why there is no document, or null.</param>
/// <param name="Body">The document; empty when there is none.</param>
/// <param name="IsNotModified">Whether what the caller has is still right.</param>
/// <param name="Rules">How long it may be used, or null if the answer does not say.</param>
/// <param name="ETag">What names this version, or null.</param>
internal sealed record FetchedDocument(KeyDirectoryStatus? Failure, ReadOnlyMemory<byte> Body, bool IsNotModified, CacheRules? Rules, string? ETag)
{
    public static FetchedDocument Failed(KeyDirectoryStatus failure) => new(failure, default, IsNotModified: false, Rules: null, ETag: null);
}
