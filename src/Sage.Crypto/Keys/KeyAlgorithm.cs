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
        new(KeyAlgorithmId.P384, "p384", privateKeySize: 48, publicKeySize: 97, signatureSize: 96),
        new(KeyAlgorithmId.RsaPssSha512, "rsa-pss-sha512", privateKeySize: 0, publicKeySize: 0, signatureSize: 0),
        new(KeyAlgorithmId.RsaV15Sha256, "rsa-v1_5-sha256", privateKeySize: 0, publicKeySize: 0, signatureSize: 0),
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

    /// <summary>ECDSA over P-384 and SHA-384, raw <c>r‖s</c> with either <c>s</c>; nonces are random, so no two signatures are alike.</summary>
    public static KeyAlgorithm P384 => Known[4];

    /// <summary>RSASSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64 bytes (RFC 9421 §3.3.1); 2048 to 8192 bits.</summary>
    public static KeyAlgorithm RsaPssSha512 => Known[5];

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 9421 §3.3.2); 2048 to 8192 bits. For peers that know nothing better.</summary>
    public static KeyAlgorithm RsaV15Sha256 => Known[6];

    /// <summary>Every known algorithm, in a fixed order.</summary>
    public static IReadOnlyList<KeyAlgorithm> All { get; } = Known.AsReadOnly();

    /// <summary>
    /// The lower-case name: <c>ed25519</c>, <c>x25519</c>, <c>secp256k1</c>, <c>p256</c>, <c>p384</c>, <c>rsa-pss-sha512</c>
    /// or <c>rsa-v1_5-sha256</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>Length of a raw private key (seed or scalar), in bytes; 0 for RSA, where it is <see cref="PrivateKey.Size"/>.</summary>
    public int PrivateKeySize { get; }

    /// <summary>
    /// Length of an exported public key, in bytes: 32, or 65 (97 for P-384) for the uncompressed point <c>04‖X‖Y</c>; 0 for
    /// RSA, where it depends on the key.
    /// </summary>
    public int PublicKeySize { get; }

    /// <summary>
    /// Length of a signature, in bytes; 0 for an algorithm that cannot sign and for RSA, where it is
    /// <see cref="PublicKey.SignatureSize"/>.
    /// </summary>
    public int SignatureSize { get; }

    /// <summary>Whether keys of this algorithm sign and verify.</summary>
    public bool CanSign => Id != KeyAlgorithmId.X25519;

    /// <summary>Whether keys of this algorithm agree on a shared secret.</summary>
    public bool CanAgree => Id == KeyAlgorithmId.X25519;

    internal KeyAlgorithmId Id { get; }

    /// <summary>Whether keys of this algorithm have no fixed size.</summary>
    internal bool IsRsa => Id is KeyAlgorithmId.RsaPssSha512 or KeyAlgorithmId.RsaV15Sha256;

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
