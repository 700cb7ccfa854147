using System.Diagnostics.CodeAnalysis;

namespace Sage.Crypto;

/// <summary>
/// One of the key algorithms Sage knows. The set is closed: there is no way to add one, so an algorithm named by a
/// message can never select code that a key was not made for.
/// </summary>
/// <remarks>Instances are immutable, compared by reference, and safe to use from any thread.</remarks>
public sealed class KeyAlgorithm
{
    private static readonly KeyAlgorithm[] Known =
    [
        new(KeyAlgorithmId.Ed25519, "ed25519", privateKeySize: 32, publicKeySize: 32, signatureSize: 64),
        new(KeyAlgorithmId.X25519, "x25519", privateKeySize: 32, publicKeySize: 32, signatureSize: 0),
        new(KeyAlgorithmId.Secp256k1, "secp256k1", privateKeySize: 32, publicKeySize: 65, signatureSize: 65),
        new(KeyAlgorithmId.P256, "p256", privateKeySize: 32, publicKeySize: 65, signatureSize: 64),
    ];

    private KeyAlgorithm(KeyAlgorithmId id, string name, int privateKeySize, int publicKeySize, int signatureSize)
    {
        Id = id;
        Name = name;
        PrivateKeySize = privateKeySize;
        PublicKeySize = publicKeySize;
        SignatureSize = signatureSize;
    }

    /// <summary>Ed25519 signatures (RFC 8032, pure, no context).</summary>
    public static KeyAlgorithm Ed25519 => Known[0];

    /// <summary>X25519 key agreement (RFC 7748).</summary>
    public static KeyAlgorithm X25519 => Known[1];

    /// <summary>ECDSA over secp256k1 and Keccak-256, RFC 6979 nonces, low-S, with recovery id (Ethereum's form without a prefix).</summary>
    public static KeyAlgorithm Secp256k1 => Known[2];

    /// <summary>ECDSA over P-256 and SHA-256, low-S, raw <c>r‖s</c>.</summary>
    public static KeyAlgorithm P256 => Known[3];

    /// <summary>Every known algorithm, in a fixed order.</summary>
    public static IReadOnlyList<KeyAlgorithm> All { get; } = Known.AsReadOnly();

    /// <summary>The lower-case name: <c>ed25519</c>, <c>x25519</c>, <c>secp256k1</c> or <c>p256</c>.</summary>
    public string Name { get; }

    /// <summary>Length of a raw private key (seed or scalar), in bytes.</summary>
    public int PrivateKeySize { get; }

    /// <summary>Length of an exported public key, in bytes: 32, or 65 for the uncompressed point <c>04‖X‖Y</c>.</summary>
    public int PublicKeySize { get; }

    /// <summary>Length of a signature, in bytes; 0 for an algorithm that cannot sign.</summary>
    public int SignatureSize { get; }

    /// <summary>Whether keys of this algorithm sign and verify.</summary>
    public bool CanSign => SignatureSize > 0;

    /// <summary>Whether keys of this algorithm agree on a shared secret.</summary>
    public bool CanAgree => Id == KeyAlgorithmId.X25519;

    internal KeyAlgorithmId Id { get; }

    /// <summary>Finds an algorithm by its <see cref="Name"/>, compared byte-exact.</summary>
    /// <param name="name">The name to look for.</param>
    /// <param name="algorithm">The algorithm, or <see langword="null"/> if the name is not known.</param>
    /// <returns><see langword="true"/> if the name is known.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out KeyAlgorithm? algorithm)
    {
        algorithm = Array.Find(Known, known => string.Equals(known.Name, name, StringComparison.Ordinal));
        return algorithm is not null;
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
