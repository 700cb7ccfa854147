using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>A public key that knows its algorithm and was checked when it was imported.</summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
[DebuggerDisplay("{Algorithm.Name,nq} public key {KeyId.Value,nq}")]
public sealed class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] bytes;
    private readonly EcdsaPublicKey? ecdsa;
    private readonly RsaPublicKey? rsa;
    private string? thumbprint;

    private PublicKey(KeyAlgorithm algorithm, byte[] bytes, EcdsaPublicKey? ecdsa)
    {
        Debug.Assert(bytes.Length == algorithm.PublicKeySize);
        Algorithm = algorithm;
        this.bytes = bytes;
        this.ecdsa = ecdsa;
        SignatureSize = algorithm.SignatureSize;
        KeyId = KeyId.Compute(bytes);
    }

    private PublicKey(KeyAlgorithm algorithm, RsaPublicKey rsa)
    {
        Debug.Assert(algorithm.IsRsa);
        Algorithm = algorithm;
        bytes = rsa.Encoded;
        this.rsa = rsa;
        SignatureSize = rsa.ModulusSize;
        KeyId = KeyId.Compute(bytes);
    }

    /// <summary>The algorithm of this key.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>
    /// Length of a signature of this key, in bytes: <see cref="KeyAlgorithm.SignatureSize"/>, or for RSA that of the modulus;
    /// 0 for a key that cannot sign.
    /// </summary>
    public int SignatureSize { get; }

    /// <summary>The SAGE key id of this key (SAGE profile P1 §1.4).</summary>
    public KeyId KeyId { get; }

    /// <summary>
    /// The JWK thumbprint of this key: base64url of the SHA-256 of its canonical JWK (RFC 7638, RFC 8037).
    /// </summary>
    public string Thumbprint => thumbprint ??= JwkThumbprint.Compute(this);

    /// <summary>
    /// The encoded key: 32 bytes, <c>04‖X‖Y</c> (65 bytes for secp256k1 and P-256, 97 for P-384), or for RSA the DER of an
    /// RSAPublicKey (RFC 8017 A.1.1).
    /// </summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>
    /// Imports and checks a public key. Ed25519: canonical and in the prime-order subgroup. X25519: 32 bytes, not a
    /// low-order point. secp256k1: 33, 64 (<c>X‖Y</c>) or 65 bytes; P-256: 33 or 65 bytes; P-384: 49 or 97 bytes; on the
    /// curve. RSA: an RSAPublicKey in DER, 2048 to 8192 bits, the exponent odd, at least 65537 and below 2³².
    /// </summary>
    /// <param name="algorithm">The algorithm of the key.</param>
    /// <param name="encoded">The encoded key.</param>
    /// <exception cref="FormatException">The bytes are not a valid public key of that algorithm.</exception>
    public static PublicKey Import(KeyAlgorithm algorithm, ReadOnlySpan<byte> encoded) =>
        TryImport(algorithm, encoded, out PublicKey? key)
            ? key
            : throw new FormatException($"The bytes are not a valid {algorithm.Name} public key.");

    /// <summary>Imports and checks a public key as <see cref="Import"/> does, without an exception for bad bytes.</summary>
    /// <param name="algorithm">The algorithm of the key.</param>
    /// <param name="encoded">The encoded key.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the bytes are a valid public key of that algorithm.</returns>
    public static bool TryImport(KeyAlgorithm algorithm, ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out PublicKey? key)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        key = null;
        switch (algorithm.Id)
        {
            case KeyAlgorithmId.Ed25519 when Ed25519Backend.IsValidPublicKey(encoded):
            case KeyAlgorithmId.X25519 when X25519Backend.IsValidPublicKey(encoded):
                key = new PublicKey(algorithm, encoded.ToArray(), null);
                return true;
            case KeyAlgorithmId.Secp256k1 when Secp256k1Backend.TryImport(encoded) is { } point:
                key = new PublicKey(algorithm, point.Encoded, point);
                return true;
            case KeyAlgorithmId.P256 when NistCurve.P256.TryImport(encoded) is { } point:
                key = new PublicKey(algorithm, point.Encoded, point);
                return true;
            case KeyAlgorithmId.P384 when NistCurve.P384.TryImport(encoded) is { } point:
                key = new PublicKey(algorithm, point.Encoded, point);
                return true;
            case KeyAlgorithmId.RsaPssSha512 or KeyAlgorithmId.RsaV15Sha256 when RsaBackend.TryImport(encoded) is { } imported:
                key = new PublicKey(algorithm, imported);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Copies the encoded key into a new array.</summary>
    public byte[] Export() => bytes.AsSpan().ToArray();

    /// <summary>
    /// Checks a signature over a message. secp256k1 accepts 65 (the recovery id is ignored) or 64 bytes and a high
    /// <c>s</c>; P-256 accepts 64 bytes and a high <c>s</c> (SAGE profile P1 §1.3); P-384 accepts 96 bytes and either
    /// <c>s</c>; RSA accepts exactly <see cref="SignatureSize"/> bytes.
    /// </summary>
    /// <param name="message">The message, not its digest.</param>
    /// <param name="signature">The signature; a wrong length is simply not valid.</param>
    /// <returns><see langword="true"/> if the signature is valid.</returns>
    /// <exception cref="InvalidOperationException">The algorithm cannot sign (X25519).</exception>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        switch (Algorithm.Id)
        {
            case KeyAlgorithmId.Ed25519:
                return Ed25519Backend.Verify(bytes, message, signature);
            case KeyAlgorithmId.Secp256k1:
                Span<byte> digest = stackalloc byte[Keccak256.Size];
                Keccak256.Hash(message, digest);
                return Secp256k1Backend.VerifyDigest(ecdsa!, digest, signature);
            case KeyAlgorithmId.P256:
                return P256Backend.Verify(ecdsa!, message, signature);
            case KeyAlgorithmId.P384:
                return P384Backend.Verify(ecdsa!, message, signature);
            case KeyAlgorithmId.RsaPssSha512 or KeyAlgorithmId.RsaV15Sha256:
                return RsaBackend.Verify(rsa!, Algorithm.Id, message, signature);
            default:
                throw new InvalidOperationException("An X25519 key cannot verify signatures.");
        }
    }

    /// <summary>
    /// The Ethereum address of a secp256k1 key: <c>0x</c> and 40 lower-case hex characters, no EIP-55 (SAGE profile P1 §1.4).
    /// </summary>
    /// <exception cref="InvalidOperationException">The key is not a secp256k1 key.</exception>
    public string GetEthereumAddress()
    {
        if (Algorithm.Id != KeyAlgorithmId.Secp256k1)
        {
            throw new InvalidOperationException($"Only a secp256k1 key has an Ethereum address; this is a {Algorithm.Name} key.");
        }

        Span<byte> hash = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(bytes.AsSpan(1), hash);
        return "0x" + Convert.ToHexStringLower(hash[12..]);
    }

    /// <summary>
    /// Finds the secp256k1 public key that made a 65-byte signature <c>r‖s‖v</c>, <c>v</c> ∈ {0, 1}, low <c>s</c>.
    /// </summary>
    /// <param name="message">The signed message, not its digest.</param>
    /// <param name="signature">The 65-byte signature.</param>
    /// <param name="key">The key that made it, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if a key was recovered.</returns>
    public static bool TryRecover(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, [NotNullWhen(true)] out PublicKey? key)
    {
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(message, digest);
        return TryRecoverFromDigest(digest, signature, out key);
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PublicKey? other) =>
        other is not null && Algorithm == other.Algorithm && Internal.Bytes.PublicEquals(bytes, other.bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Algorithm.Id, KeyId);

    /// <summary>Returns the algorithm and the key id.</summary>
    public override string ToString() => $"{Algorithm.Name} public key {KeyId}";

    /// <summary>Finds the secp256k1 key as <see cref="TryRecover"/> does, from the 32-byte digest of the message.</summary>
    internal static bool TryRecoverFromDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, [NotNullWhen(true)] out PublicKey? key)
    {
        key = Secp256k1Backend.TryRecover(digest, signature) is { } point
            ? new PublicKey(KeyAlgorithm.Secp256k1, point.Encoded, point)
            : null;
        return key is not null;
    }

    /// <summary>Verifies a signature over a 32-byte digest (ECDSA) or over the digest as the message (Ed25519).</summary>
    internal bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) => Algorithm.Id switch
    {
        KeyAlgorithmId.Ed25519 => Ed25519Backend.Verify(bytes, digest, signature),
        KeyAlgorithmId.Secp256k1 => Secp256k1Backend.VerifyDigest(ecdsa!, digest, signature),
        _ => throw new InvalidOperationException($"A {Algorithm.Name} key does not verify digests."),
    };

    /// <summary>Wraps a point the backend has already checked.</summary>
    internal static PublicKey FromChecked(KeyAlgorithm algorithm, byte[] encoded, EcdsaPublicKey? ecdsa) => new(algorithm, encoded, ecdsa);

    /// <summary>Wraps an RSA key the backend has already checked.</summary>
    internal static PublicKey FromChecked(KeyAlgorithm algorithm, RsaPublicKey rsa) => new(algorithm, rsa);
}
