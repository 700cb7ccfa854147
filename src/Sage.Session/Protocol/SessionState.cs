using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// Everything another process needs to go on with a session at its responder's end: version ‖ key type ‖ length of the context ‖
/// context ‖ peer key ‖ record secret ‖ next number ‖ replay window ‖ messages ‖ created ‖ last used; numbers big-endian, times in
/// milliseconds since 1970. It holds the record secret: it is kept only encrypted. Disposing erases the secret.
/// </summary>
internal sealed class SessionState : IDisposable
{
    /// <summary>The longest state, with a secp256k1 key and the longest context.</summary>
    public const int MaxSize = 3 + HandshakeText.MaxContext + MaxKeySize + FixedSize;

    private const byte FormatVersion = 1;

    // An uncompressed secp256k1 point.
    private const int MaxKeySize = 65;

    // Everything after the peer key.
    private const int FixedSize = KeySchedule.KeySize + ReplayWindow.StateSize + (4 * sizeof(ulong));

    private readonly SecretBuffer recordSecret = new(KeySchedule.KeySize);

    /// <summary>The context id of the handshake.</summary>
    public required string Context { get; init; }

    /// <summary>The key that proved the peer's identity.</summary>
    public required PublicKey PeerKey { get; init; }

    /// <summary>When the session began, to the millisecond.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was used last, to the millisecond; not before it began, whichever node's clock said so.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    public Span<byte> RecordSecret => recordSecret.Span;

    /// <summary>The number of the next record to send; every number below it is used or spent.</summary>
    public ulong NextSend { get; set; }

    public ReplayWindow Window { get; set; }

    /// <summary>Messages so far, in both directions.</summary>
    public long Messages { get; set; }

    /// <summary>Reads a state; anything but exactly what <see cref="Write"/> writes is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionState? state)
    {
        state = null;
        if (bytes.Length < 3 || bytes[0] != FormatVersion || AlgorithmOf(bytes[1]) is not { } algorithm
            || bytes.Length != 3 + bytes[2] + algorithm.PublicKeySize + FixedSize)
        {
            return false;
        }

        string context = Encoding.Latin1.GetString(bytes.Slice(3, bytes[2]));
        ReadOnlySpan<byte> rest = bytes[(3 + bytes[2])..];
        ReadOnlySpan<byte> secret = rest.Slice(algorithm.PublicKeySize, KeySchedule.KeySize);
        ReadOnlySpan<byte> numbers = rest[(algorithm.PublicKeySize + KeySchedule.KeySize)..];
        ulong next = BinaryPrimitives.ReadUInt64BigEndian(numbers);
        ReadOnlySpan<byte> counts = numbers[(sizeof(ulong) + ReplayWindow.StateSize)..];
        long messages = BinaryPrimitives.ReadInt64BigEndian(counts);
        if (!HandshakeText.IsPlain(context, HandshakeText.MaxContext)
            || !PublicKey.TryImport(algorithm, rest[..algorithm.PublicKeySize], out PublicKey? key)
            || !ReplayWindow.TryRead(numbers.Slice(sizeof(ulong), ReplayWindow.StateSize), out ReplayWindow window)
            || messages < 0
            || !TryReadTime(counts[8..], out DateTimeOffset created) || !TryReadTime(counts[16..], out DateTimeOffset lastUsed) || lastUsed < created)
        {
            return false;
        }

        state = new SessionState { Context = context, PeerKey = key, Created = created, LastUsed = lastUsed, NextSend = next, Window = window, Messages = messages };
        secret.CopyTo(state.RecordSecret);
        return true;
    }

    /// <summary>Writes the state; the caller erases the destination.</summary>
    /// <param name="destination">At least <see cref="MaxSize"/> bytes.</param>
    /// <returns>The length.</returns>
    public int Write(Span<byte> destination)
    {
        destination[0] = FormatVersion;
        destination[1] = TypeOf(PeerKey.Algorithm);
        destination[2] = (byte)Encoding.Latin1.GetBytes(Context, destination[3..]);
        Span<byte> rest = destination[(3 + destination[2])..];
        PeerKey.Bytes.CopyTo(rest);
        rest = rest[PeerKey.Bytes.Length..];
        RecordSecret.CopyTo(rest);
        rest = rest[KeySchedule.KeySize..];
        BinaryPrimitives.WriteUInt64BigEndian(rest, NextSend);
        Window.Write(rest[8..]);
        rest = rest[(8 + ReplayWindow.StateSize)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, Messages);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], Created.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(rest[16..], LastUsed.ToUnixTimeMilliseconds());
        return 3 + destination[2] + PeerKey.Bytes.Length + FixedSize;
    }

    public void Dispose() => recordSecret.Dispose();

    public override string ToString() => nameof(SessionState);

    // The keys that sign for an agent (SAGE profile P1).
    private static KeyAlgorithm? AlgorithmOf(byte type) => type switch
    {
        1 => KeyAlgorithm.Ed25519,
        2 => KeyAlgorithm.Secp256k1,
        _ => null,
    };

    private static byte TypeOf(KeyAlgorithm algorithm) => algorithm == KeyAlgorithm.Ed25519 ? (byte)1
        : algorithm == KeyAlgorithm.Secp256k1 ? (byte)2
        : throw new InvalidOperationException("A peer signs with an Ed25519 or a secp256k1 key.");

    private static bool TryReadTime(ReadOnlySpan<byte> bytes, out DateTimeOffset time)
    {
        long milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        bool valid = milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        time = valid ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return valid;
    }
}
