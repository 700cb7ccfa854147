using Sage.Crypto;

namespace Sage.Did;

/// <summary>How cards name a kind of key and the proofs made with it (SAGE profile P1 §7).</summary>
internal sealed record CardKeyType(KeyAlgorithm Algorithm, string KeyType, string? ProofType)
{
    private static readonly CardKeyType[] All =
    [
        new(KeyAlgorithm.Ed25519, "Ed25519VerificationKey2020", "Ed25519Signature2020"),
        new(KeyAlgorithm.Secp256k1, "EcdsaSecp256k1VerificationKey2019", "EcdsaSecp256k1Signature2019"),
        new(KeyAlgorithm.X25519, "X25519KeyAgreementKey2019", null),
    ];

    public static CardKeyType? Of(KeyAlgorithm algorithm) => Array.Find(All, type => type.Algorithm == algorithm);

    public static CardKeyType? OfProof(string? proofType) => proofType is null ? null : Array.Find(All, type => type.ProofType == proofType);
}
