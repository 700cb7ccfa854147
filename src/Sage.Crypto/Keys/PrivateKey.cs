using System.Diagnostics;
using System.Security.Cryptography;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>
/// A private key that knows its algorithm. The secret lives in memory that the garbage collector does not move and is
/// zeroed by <see cref="Dispose"/>; no property, log or text form reveals it.
/// </summary>
/// <remarks>
/// Signing and agreeing are safe from any thread; disposing while another thread uses the key makes that use fail or
/// give a useless result. The temporaries of secp256k1 and P-256, and of the import of P-384 keys, live in BouncyCastle's
/// big integers, which cannot be zeroed. P-384 and RSA keys are imported once into the base class library and used under a
/// lock; the platform's copy of them is freed by <see cref="Dispose"/> and zeroed as the platform does it.
/// </remarks>
[DebuggerDisplay("{Algorithm.Name,nq} private key")]
public sealed class PrivateKey : IDisposable
{
    private readonly SecretBuffer secret;

    // P-384 and RSA only: importing costs about as much as signing.
    private readonly AsymmetricAlgorithm? imported;

    private PrivateKey(KeyAlgorithm algorithm, SecretBuffer secret, PublicKey publicKey, AsymmetricAlgorithm? imported, KeyExportPolicy exportPolicy)
    {
        Algorithm = algorithm;
        this.secret = secret;
        this.imported = imported;
        Size = secret.Span.Length;
        PublicKey = publicKey;
        ExportPolicy = exportPolicy;
    }

    /// <summary>The algorithm of this key.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>The public half; stays usable after this key is disposed.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>Length of the raw key that <see cref="Export(Span{byte})"/> writes, in bytes.</summary>
    public int Size { get; }

    /// <summary>Whether <see cref="Export(Span{byte})"/> is allowed.</summary>
    public KeyExportPolicy ExportPolicy { get; }

    /// <summary>Makes a new key from the system's random number generator; an RSA key has 3072 bits and takes its time.</summary>
    /// <param name="algorithm">The algorithm of the key.</param>
    /// <param name="exportPolicy">Whether the raw key may be exported later.</param>
    public static PrivateKey Generate(KeyAlgorithm algorithm, KeyExportPolicy exportPolicy = KeyExportPolicy.None)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.IsRsa)
        {
            using SecretBuffer der = RsaBackend.Generate();
            return TryCreate(algorithm, der.Span, exportPolicy) ?? throw new CryptographicException("The library made an unusable RSA key.");
        }

        Span<byte> raw = stackalloc byte[algorithm.PrivateKeySize];
        try
        {
            // A random string is a valid ECDSA scalar with probability 1 − 2⁻³²: the bound is never reached by chance.
            for (int attempt = 0; attempt < 64; attempt++)
            {
                RandomNumberGenerator.Fill(raw);
                if (TryCreate(algorithm, raw, exportPolicy) is { } key)
                {
                    return key;
                }
            }

            throw new CryptographicException("The random number generator did not return a usable key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>
    /// Imports a raw private key: the 32-byte RFC 8032 seed, the 32-byte RFC 7748 scalar, the big-endian ECDSA scalar of
    /// 32 bytes (48 for P-384), or for RSA an RSAPrivateKey of two primes in DER (RFC 8017 A.1.2) of at most 5120 bytes.
    /// </summary>
    /// <param name="algorithm">The algorithm of the key.</param>
    /// <param name="raw">The raw key; the caller zeroes it.</param>
    /// <param name="exportPolicy">Whether the raw key may be exported later.</param>
    /// <exception cref="FormatException">
    /// The length is wrong, the scalar is zero or not below the group order, or the RSA key is not DER, has numbers that do
    /// not fit each other, or is refused by the rules of <see cref="Crypto.PublicKey.Import"/>.
    /// </exception>
    public static PrivateKey Import(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw, KeyExportPolicy exportPolicy = KeyExportPolicy.None)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return (algorithm.IsRsa || raw.Length == algorithm.PrivateKeySize) && TryCreate(algorithm, raw, exportPolicy) is { } key
            ? key
            : throw new FormatException($"The bytes are not a valid {algorithm.Name} private key.");
    }

    /// <summary>Signs a message; see <see cref="KeyAlgorithm"/> for the digest each algorithm applies.</summary>
    /// <remarks>
    /// This is the primitive. Protocol code signs through <see cref="ISigner"/>, which refuses bytes that belong to
    /// another purpose.
    /// </remarks>
    /// <param name="message">The message, not its digest.</param>
    /// <param name="signature">Receives exactly <see cref="Crypto.PublicKey.SignatureSize"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    /// <exception cref="InvalidOperationException">The algorithm cannot sign (X25519).</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        RequireSignatureSize(signature);
        switch (Algorithm.Id)
        {
            case KeyAlgorithmId.Ed25519:
                Ed25519Backend.Sign(secret.Span, PublicKey.Bytes, message, signature);
                break;
            case KeyAlgorithmId.Secp256k1:
                Span<byte> digest = stackalloc byte[Keccak256.Size];
                Keccak256.Hash(message, digest);
                Secp256k1Backend.SignDigest(secret.Span, digest, signature);
                break;
            case KeyAlgorithmId.P256:
                P256Backend.Sign(secret.Span, message, signature);
                break;
            case KeyAlgorithmId.P384:
                P384Backend.Sign((ECDsa)imported!, message, signature);
                break;
            default:
                RsaBackend.Sign((RSA)imported!, Algorithm.Id, message, signature);
                break;
        }

        // The secret's finaliser must not run while the backend reads it, even if this was the last use of the key.
        GC.KeepAlive(this);
    }

    /// <summary>Signs a message into a new array; see <see cref="Sign(ReadOnlySpan{byte}, Span{byte})"/>.</summary>
    /// <param name="message">The message, not its digest.</param>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[PublicKey.SignatureSize];
        Sign(message, signature);
        return signature;
    }

    /// <summary>X25519 key agreement (RFC 7748 §6.1).</summary>
    /// <param name="peer">The other side's X25519 public key.</param>
    /// <param name="sharedSecret">Receives exactly 32 bytes; the caller zeroes them.</param>
    /// <returns><see langword="false"/>, with a zeroed destination, if the result is all zero (a low-order point).</returns>
    /// <exception cref="ArgumentException">The destination is not 32 bytes, or <paramref name="peer"/> is not an X25519 key.</exception>
    /// <exception cref="InvalidOperationException">This key is not an X25519 key.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public bool TryAgree(PublicKey peer, Span<byte> sharedSecret)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!Algorithm.CanAgree)
        {
            throw new InvalidOperationException($"A {Algorithm.Name} key cannot agree on a secret; use an X25519 key.");
        }

        if (peer.Algorithm != Algorithm)
        {
            throw new ArgumentException($"An X25519 key cannot agree with a {peer.Algorithm.Name} key.", nameof(peer));
        }

        if (sharedSecret.Length != 32)
        {
            throw new ArgumentException("The shared secret is exactly 32 bytes.", nameof(sharedSecret));
        }

        return TryAgreeRaw(peer.Bytes, sharedSecret);
    }

    /// <summary>Writes the raw private key, in the form <see cref="Import"/> reads.</summary>
    /// <param name="destination">Receives exactly <see cref="Size"/> bytes; the caller zeroes them.</param>
    /// <exception cref="InvalidOperationException">The key was made with <see cref="KeyExportPolicy.None"/>.</exception>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public void Export(Span<byte> destination)
    {
        if (ExportPolicy != KeyExportPolicy.AllowPlaintextExport)
        {
            throw new InvalidOperationException("This private key does not allow export; make it with KeyExportPolicy.AllowPlaintextExport.");
        }

        ExportForStore(destination);
    }

    /// <summary>Zeroes the secret. The key cannot be used afterwards.</summary>
    public void Dispose()
    {
        secret.Dispose();
        if (imported is not null)
        {
            // Whoever is signing finishes first: the platform's key must not be freed under it.
            lock (imported)
            {
                imported.Dispose();
            }
        }
    }

    /// <summary>Returns the algorithm only.</summary>
    public override string ToString() => $"{Algorithm.Name} private key";

    /// <summary>X25519 with 32 bytes as received; whoever calls has checked both lengths and that this is an X25519 key.</summary>
    internal bool TryAgreeRaw(ReadOnlySpan<byte> peer, Span<byte> sharedSecret)
    {
        bool agreed = X25519Backend.TryAgree(secret.Span, peer, sharedSecret);
        GC.KeepAlive(this);
        return agreed;
    }

    /// <summary>The raw key for code of this package that encrypts it at once, whatever the export policy.</summary>
    internal void ExportForStore(Span<byte> destination)
    {
        if (destination.Length != Size)
        {
            throw new ArgumentException($"The destination must be exactly {Size} bytes.", nameof(destination));
        }

        secret.Span.CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <summary>A secret for a purpose of its own, told apart by the label: HKDF-SHA256 (RFC 5869) over the raw key, no salt.</summary>
    internal void Derive(ReadOnlySpan<byte> label, Span<byte> output)
    {
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Span, output, salt: default, info: label);
        GC.KeepAlive(this);
    }

    /// <summary>Signs a 32-byte digest (ECDSA) or the digest as the message (Ed25519): SAGE proof of possession.</summary>
    internal void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature)
    {
        RequireSignatureSize(signature);
        switch (Algorithm.Id)
        {
            case KeyAlgorithmId.Ed25519:
                Ed25519Backend.Sign(secret.Span, PublicKey.Bytes, digest, signature);
                break;
            case KeyAlgorithmId.Secp256k1:
                Secp256k1Backend.SignDigest(secret.Span, digest, signature);
                break;
            default:
                throw new InvalidOperationException($"A {Algorithm.Name} key does not sign digests.");
        }

        GC.KeepAlive(this);
    }

    private static PrivateKey? TryCreate(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw, KeyExportPolicy exportPolicy)
    {
        SecretBuffer secret = new(raw);
        bool kept = false;
        try
        {
            PublicKey? publicKey = DerivePublicKey(algorithm, secret.Span, out AsymmetricAlgorithm? imported);
            kept = publicKey is not null;
            return kept ? new PrivateKey(algorithm, secret, publicKey!, imported, exportPolicy) : null;
        }
        finally
        {
            if (!kept)
            {
                secret.Dispose();
            }
        }
    }

    // Null for a secret that is no key.
    private static PublicKey? DerivePublicKey(KeyAlgorithm algorithm, ReadOnlySpan<byte> secret, out AsymmetricAlgorithm? imported)
    {
        imported = null;
        switch (algorithm.Id)
        {
            case KeyAlgorithmId.Ed25519:
                byte[] ed = new byte[32];
                Ed25519Backend.DerivePublicKey(secret, ed);
                return PublicKey.FromChecked(algorithm, ed, null);
            case KeyAlgorithmId.X25519:
                byte[] x = new byte[32];
                X25519Backend.DerivePublicKey(secret, x);
                return PublicKey.FromChecked(algorithm, x, null);
            case KeyAlgorithmId.Secp256k1:
                return Wrap(algorithm, Secp256k1Backend.DerivePublicKey(secret));
            case KeyAlgorithmId.P256:
                return Wrap(algorithm, NistCurve.P256.DerivePublicKey(secret));
            case KeyAlgorithmId.P384:
                EcdsaPublicKey? point = NistCurve.P384.DerivePublicKey(secret);
                imported = point is null ? null : P384Backend.ImportPrivateKey(secret, point);
                return Wrap(algorithm, point);
            default:
                imported = RsaBackend.TryImportPrivateKey(secret, out RsaPublicKey? rsa);
                return rsa is null ? null : PublicKey.FromChecked(algorithm, rsa);
        }
    }

    private static PublicKey? Wrap(KeyAlgorithm algorithm, EcdsaPublicKey? point) =>
        point is null ? null : PublicKey.FromChecked(algorithm, point.Encoded, point);

    private void RequireSignatureSize(Span<byte> signature)
    {
        if (!Algorithm.CanSign)
        {
            throw new InvalidOperationException($"A {Algorithm.Name} key cannot sign.");
        }

        if (signature.Length != PublicKey.SignatureSize)
        {
            throw new ArgumentException($"A signature of this {Algorithm.Name} key is exactly {PublicKey.SignatureSize} bytes.", nameof(signature));
        }
    }
}
