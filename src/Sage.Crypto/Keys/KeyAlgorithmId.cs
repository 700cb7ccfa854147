namespace Sage.Crypto;

/// <summary>What a <see langword="switch"/> over the closed algorithm set compiles to.</summary>
internal enum KeyAlgorithmId
{
    Ed25519,
    X25519,
    Secp256k1,
    P256,
    P384,
    RsaPssSha512,
    RsaV15Sha256,
}
