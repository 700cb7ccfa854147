using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;

namespace Sage.Session;

/// <summary>
/// The record keys of one direction, one per generation of 256 records. The newest generation in use, the one used
/// before it and one spare stay derived: records that arrive out of order around a boundary, and forged ones that claim
/// one far generation, do not cost a derivation each. Not thread-safe: its owner holds the lock of the direction.
/// </summary>
internal sealed class RecordKeys : IDisposable
{
    /// <summary>Records per key; fixed, because the profile does not negotiate it (SAGE profile P1 §5.3).</summary>
    public const ulong RekeyInterval = 256;

    public const int TagSize = 16;

    // Measured: up to here libsodium is faster than the runtime's cipher, whose calls cost more and whose bytes cost less.
    private const int SmallRecord = 1536;

    private const int SlotCount = 3;
    private const ulong NoGeneration = ulong.MaxValue;

    private readonly RecordDirection direction;

    // The record secret, then one key for each slot.
    private readonly SecretBuffer secrets = new((1 + SlotCount) * KeySchedule.KeySize);
    private Slots slots;
    private int newest;
    private int other = 1;
    private int spare = 2;
    private int selected;

    public RecordKeys(ReadOnlySpan<byte> recordSecret, RecordDirection direction)
    {
        recordSecret.CopyTo(secrets.Span);
        this.direction = direction;
        foreach (ref Slot slot in slots)
        {
            slot.Generation = NoGeneration;
        }
    }

    /// <summary>Copies the record secret, from which every key of the session follows.</summary>
    public void CopySecret(Span<byte> destination) => secrets.Span[..KeySchedule.KeySize].CopyTo(destination);

    /// <summary>Makes the key of a sequence number the one that <see cref="Seal"/> and <see cref="TryOpen"/> use.</summary>
    public void Select(ulong sequence)
    {
        ulong generation = sequence / RekeyInterval;
        if (slots[newest].Generation == generation)
        {
            selected = newest;
        }
        else if (slots[other].Generation == generation)
        {
            selected = other;
        }
        else
        {
            selected = spare;
            if (slots[spare].Generation != generation)
            {
                Derive(generation);
            }
        }
    }

    /// <summary>Keeps the selected key at hand; called once a record has proved that its generation is really in use.</summary>
    public void Keep()
    {
        if (selected != spare)
        {
            return;
        }

        if (slots[newest].Generation == NoGeneration || slots[spare].Generation > slots[newest].Generation)
        {
            (newest, other, spare) = (spare, newest, other);
        }
        else
        {
            (other, spare) = (spare, other);
        }
    }

    /// <summary>Seals into <c>ciphertext‖tag</c> under the selected key.</summary>
    public void Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> sealedText)
    {
        if (UsesLibsodium(plaintext.Length))
        {
            Libsodium.ChaCha20Poly1305Seal(sealedText, plaintext, nonce, Key(selected), aad);
            GC.KeepAlive(this);
        }
        else
        {
            Cipher().Encrypt(nonce, plaintext, sealedText[..^TagSize], sealedText[^TagSize..], aad);
        }
    }

    /// <summary>Opens <c>ciphertext‖tag</c> under the selected key.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> plaintext)
    {
        if (UsesLibsodium(plaintext.Length))
        {
            bool opened = Libsodium.ChaCha20Poly1305Open(plaintext, sealedText, nonce, Key(selected), aad);
            GC.KeepAlive(this);
            return opened;
        }

        try
        {
            Cipher().Decrypt(nonce, sealedText[..^TagSize], sealedText[^TagSize..], plaintext, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        secrets.Dispose();
        foreach (ref Slot slot in slots)
        {
            slot.Cipher?.Dispose();
        }
    }

    private static bool UsesLibsodium(int size) => size <= SmallRecord || !ChaCha20Poly1305.IsSupported;

    private ChaCha20Poly1305 Cipher() => slots[selected].Cipher ??= new ChaCha20Poly1305(Key(selected));

    private Span<byte> Key(int slot) => secrets.Span.Slice((1 + slot) * KeySchedule.KeySize, KeySchedule.KeySize);

    private void Derive(ulong generation)
    {
        slots[spare].Cipher?.Dispose();
        slots[spare].Cipher = null;
        KeySchedule.RecordKey(secrets.Span[..KeySchedule.KeySize], direction, generation, Key(spare));
        slots[spare].Generation = generation;
    }

    private struct Slot
    {
        public ulong Generation;
        public ChaCha20Poly1305? Cipher;
    }

    [InlineArray(SlotCount)]
    private struct Slots
    {
        private Slot first;
    }
}
