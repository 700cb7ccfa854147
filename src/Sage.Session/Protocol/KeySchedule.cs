using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Session;

/// <summary>Every derivation of SAGE profile P1 §4.2–4.5 and §5.1–5.2. Pure functions; secrets go to the caller's spans.</summary>
internal static class KeySchedule
{
    public const int KeySize = 32;

    /// <summary>Length of a session id: base64url of 16 bytes.</summary>
    public const int SessionIdSize = 22;

    /// <summary>Holds a context string whose parts keep the limits of <see cref="HandshakeText"/>.</summary>
    public const int MaxContextText = 1024;

    private const int HashSize = SHA256.HashSizeInBytes;

    // Covers every message whose parts keep the handshake's limits.
    private const int StackLimit = 2048;

    private static ReadOnlySpan<byte> InfoPrefix =>
        "sage/hpke-info|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx="u8;

    private static ReadOnlySpan<byte> ExportPrefix =>
        "sage/hpke-export|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx="u8;

    private static ReadOnlySpan<byte> SessionLabel => "sage/hpke+e2e v1"u8;

    /// <summary>
    /// Writes the HPKE info text (§4.2) and returns it. Nothing is escaped: the caller refuses parts with a separator.
    /// </summary>
    public static ReadOnlySpan<byte> Info(string context, string initiator, string responder, Span<byte> buffer)
    {
        Utf8TextBuilder text = new(buffer);
        text.Append(InfoPrefix);
        text.Append(context);
        text.Append("|init="u8);
        text.Append(initiator);
        text.Append("|resp="u8);
        text.Append(responder);
        return text.Written;
    }

    /// <summary>Writes the HPKE export context text (§4.2) and returns it.</summary>
    public static ReadOnlySpan<byte> ExportContext(string context, Span<byte> buffer)
    {
        Utf8TextBuilder text = new(buffer);
        text.Append(ExportPrefix);
        text.Append(context);
        return text.Written;
    }

    /// <summary>Combines the HPKE exporter secret and the ephemeral agreement into the 32-byte seed (§4.3).</summary>
    public static void Seed(ReadOnlySpan<byte> exporter, ReadOnlySpan<byte> agreement, ReadOnlySpan<byte> exportContext, Span<byte> seed)
    {
        Span<byte> ikm = stackalloc byte[2 * KeySize];
        Span<byte> prk = stackalloc byte[HashSize];
        try
        {
            exporter.CopyTo(ikm);
            agreement.CopyTo(ikm[KeySize..]);
            HMACSHA256.HashData(exportContext, ikm, prk);
            HKDF.Expand(HashAlgorithmName.SHA256, prk, seed, "SAGE-HPKE+E2E-Combiner"u8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ikm);
            CryptographicOperations.ZeroMemory(prk);
        }
    }

    /// <summary>
    /// The counter expansion of §4.4: blocks <c>HMAC(key, label ‖ be32(i))</c>, i from 1. It is not RFC 5869's expand.
    /// The traffic keys derived with it are used by no record; they exist for the vectors.
    /// </summary>
    public static void CounterExpand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> message = stackalloc byte[label.Length + sizeof(uint)];
        Span<byte> block = stackalloc byte[HashSize];
        label.CopyTo(message);
        try
        {
            for (uint i = 1; !output.IsEmpty; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(message[label.Length..], i);
                HMACSHA256.HashData(key, message, block);
                int size = Math.Min(output.Length, HashSize);
                block[..size].CopyTo(output);
                output = output[size..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    /// <summary>The hash over both sides' strings and public keys that the acknowledgement binds (§4.5).</summary>
    public static void TranscriptHash(
        ReadOnlySpan<byte> info, ReadOnlySpan<byte> exportContext, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> initiatorKey,
        ReadOnlySpan<byte> responderKey, string initiator, string responder, Span<byte> hash)
    {
        int size = 7 + info.Length + exportContext.Length + (3 * KeySize) + Utf8Size(initiator) + Utf8Size(responder);
        Span<byte> buffer = size <= StackLimit ? stackalloc byte[size] : new byte[size];
        Utf8TextBuilder joined = new(buffer);
        joined.Append("\0"u8);
        joined.Append(info);
        joined.Append("\0"u8);
        joined.Append(exportContext);
        joined.Append("\0"u8);
        joined.Append(encapsulatedKey);
        joined.Append("\0"u8);
        joined.Append(initiatorKey);
        joined.Append("\0"u8);
        joined.Append(responderKey);
        joined.Append("\0"u8);
        joined.Append(initiator);
        joined.Append("\0"u8);
        joined.Append(responder);
        SHA256.HashData(joined.Written, hash);
    }

    /// <summary>The tag by which the responder shows that it holds the seed (§4.5).</summary>
    public static void AckTag(
        ReadOnlySpan<byte> seed, string context, string nonce, string kid, ReadOnlySpan<byte> transcriptHash, Span<byte> tag)
    {
        int size = 16 + 6 + Utf8Size(context) + Utf8Size(nonce) + Utf8Size(kid) + HashSize;
        Span<byte> buffer = size <= StackLimit ? stackalloc byte[size] : new byte[size];
        Utf8TextBuilder message = new(buffer);
        message.Append("SAGE-ack-msg|v1|"u8);
        AppendWithLength(ref message, context);
        AppendWithLength(ref message, nonce);
        AppendWithLength(ref message, kid);
        message.Append(transcriptHash);
        Span<byte> key = stackalloc byte[KeySize];
        try
        {
            CounterExpand(seed, "SAGE-ack-key-v1"u8, key);
            HMACSHA256.HashData(key, message.Written, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>
    /// A seed from a shared secret and both ephemeral keys (§5.1). Handshake sessions use the seed of §4.3 unchanged; this
    /// is for sessions made from another secret.
    /// </summary>
    public static void SaltedSeed(ReadOnlySpan<byte> sharedSecret, string context, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> otherEphemeral, Span<byte> seed)
    {
        bool inOrder = ephemeral.SequenceCompareTo(otherEphemeral) <= 0;
        byte[] buffer = new byte[SessionLabel.Length + Utf8Size(context) + ephemeral.Length + otherEphemeral.Length];
        Utf8TextBuilder joined = new(buffer);
        joined.Append(SessionLabel);
        joined.Append(context);
        joined.Append(inOrder ? ephemeral : otherEphemeral);
        joined.Append(inOrder ? otherEphemeral : ephemeral);
        Span<byte> salt = stackalloc byte[HashSize];
        SHA256.HashData(joined.Written, salt);
        HKDF.Extract(HashAlgorithmName.SHA256, sharedSecret, salt, seed);
    }

    /// <summary>The session id of a seed: 22 base64url characters (§5.1).</summary>
    public static void SessionId(ReadOnlySpan<byte> seed, Span<byte> sessionId)
    {
        Span<byte> message = stackalloc byte[SessionLabel.Length + KeySize];
        Span<byte> hash = stackalloc byte[HashSize];
        try
        {
            SessionLabel.CopyTo(message);
            seed.CopyTo(message[SessionLabel.Length..]);
            SHA256.HashData(message, hash);
            Base64Url.EncodeToUtf8(hash[..16], sessionId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }

    /// <summary>What every record key is expanded from: <c>Extract(salt = sid, seed)</c> (§5.2).</summary>
    public static void RecordSecret(ReadOnlySpan<byte> seed, Span<byte> recordSecret)
    {
        Span<byte> sessionId = stackalloc byte[SessionIdSize];
        SessionId(seed, sessionId);
        HMACSHA256.HashData(sessionId, seed, recordSecret);
    }

    /// <summary>The encryption key of a direction and generation (§5.2).</summary>
    public static void RecordKey(ReadOnlySpan<byte> recordSecret, RecordDirection direction, ulong generation, Span<byte> key)
    {
        if (generation > 0)
        {
            RotatedKey(recordSecret, direction, generation, key);
            return;
        }

        // A shorter HKDF output is a prefix of a longer one, so only the blocks up to the wanted key are computed.
        Span<byte> keys = stackalloc byte[3 * KeySize];
        try
        {
            keys = direction == RecordDirection.FromResponder ? keys : keys[..KeySize];
            HKDF.Expand(
                HashAlgorithmName.SHA256, recordSecret, keys,
                direction == RecordDirection.Shared ? "sage-session-keys-v1"u8 : "sage-directional-keys-v1"u8);
            keys[^KeySize..].CopyTo(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private static void RotatedKey(ReadOnlySpan<byte> recordSecret, RecordDirection direction, ulong generation, Span<byte> key)
    {
        Span<byte> info = stackalloc byte[64];
        Utf8TextBuilder text = new(info);
        text.Append("sage-session-rekey-v1"u8);
        text.Append(direction switch
        {
            RecordDirection.FromInitiator => "c2s"u8,
            RecordDirection.FromResponder => "s2c"u8,
            _ => "single"u8,
        });
        int length = text.Written.Length;
        BinaryPrimitives.WriteUInt64BigEndian(info[length..], generation);
        HKDF.Expand(HashAlgorithmName.SHA256, recordSecret, key, info[..(length + sizeof(ulong))]);
    }

    private static void AppendWithLength(ref Utf8TextBuilder message, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)Utf8Size(text)));
        message.Append(length);
        message.Append(text);
    }

    private static int Utf8Size(string text) => Encoding.UTF8.GetByteCount(text);
}
