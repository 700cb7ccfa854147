using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>A key as the registry lists it.</summary>
/// <param name="KeyId">Its name there.</param>
/// <param name="Purposes">What it is for.</param>
/// <param name="PublicKey">The key; null if it is none that this library takes, or its holder never proved to have it.</param>
internal sealed record ChainKey(EthereumHash KeyId, AgentKeyPurposes Purposes, PublicKey? PublicKey);
