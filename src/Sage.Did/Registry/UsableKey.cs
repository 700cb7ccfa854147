using Sage.Crypto;

namespace Sage.Did;

/// <summary>A signing key of a record whose proof of possession verified. Immutable.</summary>
/// <param name="Index">The 1-based position in the record's <c>keys</c>: the n of the fragment <c>#key-n</c>.</param>
/// <param name="Key">The checked key.</param>
public sealed record UsableKey(int Index, PublicKey Key);
