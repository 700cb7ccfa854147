using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>The receiving side of HPKE (RFC 9180) in base mode; see <see cref="HpkeSender"/> for the suite.</summary>
/// <remarks>Safe from any thread; messages must be opened in the order in which they were sealed.</remarks>
public sealed class HpkeRecipient : IDisposable
{
    private readonly HpkeContext context;

    private HpkeRecipient(HpkeContext context) => this.context = context;

    /// <summary>The number of the next message. Set by tests only.</summary>
    internal ulong Sequence
    {
        get => context.Sequence;
        set => context.Sequence = value;
    }

    /// <summary>SetupBaseR (RFC 9180 §5.1.1).</summary>
    /// <param name="recipient">The recipient's X25519 private key; it is used during the call only.</param>
    /// <param name="encapsulatedKey">The encapsulated key as received.</param>
    /// <param name="info">Application information both sides must agree on.</param>
    /// <param name="aead">The AEAD of the suite.</param>
    /// <returns>
    /// The context, or <see langword="null"/> if the encapsulated key is not 32 bytes or is a low-order point. A context
    /// says nothing about who sent, or whether the sender used the same key, info and suite: that shows when a message opens.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="recipient"/> is not an X25519 key, or <paramref name="aead"/> is not defined.</exception>
    /// <exception cref="ObjectDisposedException">The private key is disposed.</exception>
    public static HpkeRecipient? TryCreate(PrivateKey recipient, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> info, HpkeAead aead)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (recipient.Algorithm != KeyAlgorithm.X25519)
        {
            throw new ArgumentException($"HPKE decrypts with an X25519 key; this is a {recipient.Algorithm.Name} key.", nameof(recipient));
        }

        if (!HpkeContext.IsKnown(aead))
        {
            throw new ArgumentOutOfRangeException(nameof(aead), aead, "Not an HPKE AEAD.");
        }

        if (encapsulatedKey.Length != HpkeKem.KeySize)
        {
            return null;
        }

        Span<byte> sharedSecret = stackalloc byte[HpkeKem.KeySize];
        try
        {
            return HpkeKem.TryDecapsulate(recipient, encapsulatedKey, sharedSecret)
                ? new HpkeRecipient(new HpkeContext(aead, sharedSecret, info))
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
        }
    }

    /// <summary>Decrypts the next message (RFC 9180 §5.2). A message that does not open does not count as one.</summary>
    /// <param name="ciphertext">The message as received.</param>
    /// <param name="aad">The data that was authenticated with it.</param>
    /// <param name="plaintext">Receives exactly 16 bytes less than <paramref name="ciphertext"/> has; zeroed on failure.</param>
    /// <returns><see langword="false"/> if the message was changed, is out of order, or was not made for this context.</returns>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    /// <exception cref="InvalidOperationException">The context is export-only, or its sequence numbers are used up.</exception>
    /// <exception cref="ObjectDisposedException">The context is disposed.</exception>
    public bool TryOpen(ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> aad, Span<byte> plaintext) =>
        context.TryOpen(ciphertext, aad, plaintext);

    /// <summary>Derives a secret both sides share (RFC 9180 §5.3).</summary>
    /// <param name="exporterContext">What the secret is for.</param>
    /// <param name="secret">Receives 1 to 8160 bytes; its length is part of the derivation. The caller zeroes it.</param>
    /// <exception cref="ArgumentException">The destination is empty or longer than that.</exception>
    /// <exception cref="ObjectDisposedException">The context is disposed.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> secret) => context.Export(exporterContext, secret);

    /// <summary>Zeroes the secrets of the context.</summary>
    public void Dispose() => context.Dispose();
}
