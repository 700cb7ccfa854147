namespace Sage.Did.Ethereum;

/// <summary>A listed key: as it was registered, and what a verifier may make of it.</summary>
/// <param name="Registered">As it was registered.</param>
/// <param name="Key">The key, its proof checked.</param>
internal sealed record ProjectedKey(RegisteredKey Registered, ChainKey Key);
