using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Sage.Crypto.Internal;
using Sage.Crypto.Internal.Backend;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// How a state is encrypted: version ‖ key id ‖ nonce[24] ‖ XChaCha20-Poly1305, with everything a store sees beside it, and whose
/// session it is, as additional data. Nonces are random because several nodes write.
/// </summary>
internal static class StateEnvelope
{
    /// <summary>How many bytes an encrypted state is longer.</summary>
    public const int Overhead = HeaderSize + TagSize;

    private const byte FormatVersion = 1;
    private const int NonceSize = 24;
    private const int NonceOffset = 1 + StateKey.IdSize;
    private const int HeaderSize = NonceOffset + NonceSize;
    private const int TagSize = 16;

    // The label, the first bytes of the envelope, three texts with their lengths, and two numbers.
    private const int MaxAadSize = 32 + NonceOffset + (3 * sizeof(ushort)) + (2 * AgentDid.MaxLength) + StoredSession.MaxIdLength + (2 * sizeof(long));

    /// <summary>Encrypts a state.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">The agent that answers in this session.</param>
    /// <param name="id">The id of the session.</param>
    /// <param name="peer">The agent at the other end.</param>
    /// <param name="version">The version that is about to be written.</param>
    /// <param name="expiresAt">When the session is over.</param>
    /// <param name="state">The state.</param>
    public static StoredSession Seal(StateKey key, AgentDid owner, string id, AgentDid peer, long version, DateTimeOffset expiresAt, SessionState state)
    {
        Span<byte> plaintext = stackalloc byte[SessionState.MaxSize];
        try
        {
            return Seal(key, owner, id, peer, version, expiresAt, plaintext[..state.Write(plaintext)]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Encrypts the bytes of a state.</summary>
    public static StoredSession Seal(StateKey key, AgentDid owner, string id, AgentDid peer, long version, DateTimeOffset expiresAt, ReadOnlySpan<byte> state)
    {
        Span<byte> envelope = stackalloc byte[state.Length + Overhead];
        envelope[0] = FormatVersion;
        key.Id.CopyTo(envelope[1..]);
        RandomNumberGenerator.Fill(envelope.Slice(NonceOffset, NonceSize));
        Span<byte> aad = stackalloc byte[MaxAadSize];
        Libsodium.XChaCha20Poly1305Seal(
            envelope[HeaderSize..], state, envelope.Slice(NonceOffset, NonceSize), key.Key,
            WriteAad(aad, envelope[..NonceOffset], owner, id, peer, version, expiresAt));
        GC.KeepAlive(key);
        return new StoredSession(id, peer, version, expiresAt, envelope);
    }

    /// <summary>Whether a state says that it was encrypted with a key.</summary>
    public static bool IsUnder(StateKey key, StoredSession session)
    {
        ReadOnlySpan<byte> envelope = session.State.Span;
        bool same = envelope.Length is >= Overhead and <= SessionState.MaxSize + Overhead && envelope[0] == FormatVersion && Bytes.PublicEquals(envelope[1..NonceOffset], key.Id);
        GC.KeepAlive(key);
        return same;
    }

    /// <summary>Decrypts a state.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">The agent that answers in this session.</param>
    /// <param name="session">The session as a store has it.</param>
    /// <param name="state">The state; the caller disposes it.</param>
    /// <returns><see langword="false"/> if anything of it is not as it was when it was encrypted.</returns>
    public static bool TryOpen(StateKey key, AgentDid owner, StoredSession session, [NotNullWhen(true)] out SessionState? state)
    {
        state = null;
        if (!IsUnder(key, session))
        {
            return false;
        }

        ReadOnlySpan<byte> envelope = session.State.Span;
        Span<byte> aad = stackalloc byte[MaxAadSize];
        Span<byte> plaintext = stackalloc byte[envelope.Length - Overhead];
        try
        {
            bool opened = Libsodium.XChaCha20Poly1305Open(
                plaintext, envelope[HeaderSize..], envelope.Slice(NonceOffset, NonceSize), key.Key,
                WriteAad(aad, envelope[..NonceOffset], owner, session.Id, session.Peer, session.Version, session.ExpiresAt));
            GC.KeepAlive(key);
            return opened && SessionState.TryRead(plaintext, out state);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static ReadOnlySpan<byte> WriteAad(
        Span<byte> aad, ReadOnlySpan<byte> start, AgentDid owner, string id, AgentDid peer, long version, DateTimeOffset expiresAt)
    {
        "sage/session-store/v1|"u8.CopyTo(aad);
        int length = "sage/session-store/v1|"u8.Length;
        start.CopyTo(aad[length..]);
        length += start.Length;
        length += WriteText(aad[length..], owner.Value);
        length += WriteText(aad[length..], id);
        length += WriteText(aad[length..], peer.Value);
        BinaryPrimitives.WriteInt64BigEndian(aad[length..], version);
        BinaryPrimitives.WriteInt64BigEndian(aad[(length + sizeof(long))..], expiresAt.ToUnixTimeMilliseconds());
        return aad[..(length + (2 * sizeof(long)))];
    }

    // With its length, so that no two lists of texts are written alike.
    private static int WriteText(Span<byte> aad, string text)
    {
        int size = Encoding.ASCII.GetBytes(text, aad[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(aad, (ushort)size);
        return sizeof(ushort) + size;
    }
}
