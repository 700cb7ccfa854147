using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// The sending side of HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and one of three AEADs, or
/// export only. Base mode does not tell the recipient who sent.
/// </summary>
/// <remarks>Safe from any thread; messages are numbered in the order in which they are sealed.</remarks>
public sealed class HpkeSender : IDisposable
{
    /// <summary>Length of an encapsulated key, in bytes.</summary>
    public const int EncapsulatedKeySize = HpkeKem.KeySize;

    /// <summary>How many bytes a ciphertext is longer than its plaintext.</summary>
    public const int Overhead = HpkeContext.TagSize;

    private readonly HpkeContext context;

    private HpkeSender(HpkeContext context) => this.context = context;

    /// <summary>The number of the next message. Set by tests only.</summary>
    internal ulong Sequence
    {
        get => context.Sequence;
        set => context.Sequence = value;
    }

    /// <summary>SetupBaseS (RFC 9180 §5.1.1): makes a fresh ephemeral key and the context that goes with it.</summary>
    /// <param name="recipient">The recipient's X25519 public key.</param>
    /// <param name="info">Application information both sides must agree on.</param>
    /// <param name="aead">The AEAD of the suite.</param>
    /// <param name="encapsulatedKey">Receives exactly 32 bytes for the recipient.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="recipient"/> is not an X25519 key, <paramref name="aead"/> is not defined, or
    /// <paramref name="encapsulatedKey"/> is not 32 bytes.
    /// </exception>
    public static HpkeSender Create(PublicKey recipient, ReadOnlySpan<byte> info, HpkeAead aead, Span<byte> encapsulatedKey)
    {
        Span<byte> ephemeral = stackalloc byte[HpkeKem.KeySize];
        try
        {
            RandomNumberGenerator.Fill(ephemeral);
            return Create(recipient, info, aead, encapsulatedKey, ephemeral);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
        }
    }

    /// <summary>Encrypts the next message (RFC 9180 §5.2).</summary>
    /// <param name="plaintext">The message.</param>
    /// <param name="aad">Data that is authenticated but not encrypted; may be empty.</param>
    /// <param name="ciphertext">Receives exactly <see cref="Overhead"/> bytes more than <paramref name="plaintext"/> has.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    /// <exception cref="InvalidOperationException">The context is export-only, or its sequence numbers are used up.</exception>
    /// <exception cref="ObjectDisposedException">The context is disposed.</exception>
    public void Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> ciphertext) =>
        context.Seal(plaintext, aad, ciphertext);

    /// <summary>Derives a secret both sides share (RFC 9180 §5.3).</summary>
    /// <param name="exporterContext">What the secret is for.</param>
    /// <param name="secret">Receives 1 to 8160 bytes; its length is part of the derivation. The caller zeroes it.</param>
    /// <exception cref="ArgumentException">The destination is empty or longer than that.</exception>
    /// <exception cref="ObjectDisposedException">The context is disposed.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) => context.Export(exporterContext, secret);

    /// <summary>Zeroes the secrets of the context.</summary>
    public void Dispose() => context.Dispose();

    /// <summary>SetupBaseS with a given ephemeral private key, for test vectors: a key used twice breaks the encryption.</summary>
    internal static HpkeSender Create(
        PublicKey recipient, ReadOnlySpan<byte> info, HpkeAead aead, Span<byte> encapsulatedKey, ReadOnlySpan<byte> ephemeral)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (recipient.Algorithm != KeyAlgorithm.X25519)
        {
            throw new ArgumentException($"HPKE encrypts to an X25519 key; this is a {recipient.Algorithm.Name} key.", nameof(recipient));
        }

        if (!HpkeContext.IsKnown(aead))
        {
            throw new ArgumentOutOfRangeException(nameof(aead), aead, "Not an HPKE AEAD.");
        }

        if (encapsulatedKey.Length != EncapsulatedKeySize)
        {
            throw new ArgumentException($"The encapsulated key is exactly {EncapsulatedKeySize} bytes.", nameof(encapsulatedKey));
        }

        Span<byte> sharedSecret = stackalloc byte[HpkeKem.KeySize];
        try
        {
            // Cannot fail: low-order points are refused when a public key is imported.
            if (!HpkeKem.TryEncapsulate(recipient.Bytes, ephemeral, encapsulatedKey, sharedSecret))
            {
                throw new CryptographicException("The recipient's key is a low-order point.");
            }

            return new HpkeSender(new HpkeContext(aead, sharedSecret, info));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
        }
    }
}
