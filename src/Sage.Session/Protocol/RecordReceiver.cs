using System.Buffers.Binary;

namespace Sage.Session;

/// <summary>The receiving half of a session. Check, open and mark are one step under one lock.</summary>
internal sealed class RecordReceiver(ReadOnlySpan<byte> recordSecret, RecordDirection direction) : IDisposable
{
    private readonly Lock gate = new();
    private readonly RecordKeys keys = new(recordSecret, direction);
    private ReplayWindow window;
    private bool erased;

    /// <summary>Opens one record; the destination has exactly the plaintext's size and may hold garbage on failure.</summary>
    /// <param name="record">At least <see cref="SessionCipher.Overhead"/> bytes.</param>
    /// <param name="aad">The caller's additional data.</param>
    /// <param name="plaintext">The destination.</param>
    /// <param name="lifetime">Counts the record if it opens; a refusal leaves the window as it was.</param>
    /// <param name="now">The time, as a timestamp of the time provider.</param>
    public RecordResult TryOpen(ReadOnlySpan<byte> record, ReadOnlySpan<byte> aad, Span<byte> plaintext, SessionLifetime lifetime, long now)
    {
        ulong sequence = BinaryPrimitives.ReadUInt64BigEndian(record);
        if (sequence == ulong.MaxValue)
        {
            return RecordResult.Malformed;
        }

        lock (gate)
        {
            if (erased)
            {
                return RecordResult.Closed;
            }

            RecordResult check = window.Check(sequence);
            if (check != RecordResult.Opened)
            {
                return check;
            }

            keys.Select(sequence);
            Span<byte> joined = stackalloc byte[aad.IsEmpty ? 0 : sizeof(ulong) + aad.Length];
            bool opened = keys.TryOpen(
                record[SessionCipher.HeaderSize..], record.Slice(SessionCipher.NonceOffset, NonceSource.NonceSize),
                SessionCipher.JoinAad(record[..sizeof(ulong)], aad, joined), plaintext);
            if (!opened)
            {
                return RecordResult.NotAuthentic;
            }

            if (!lifetime.TryCount(now))
            {
                return RecordResult.Expired;
            }

            window.Mark(sequence);
            keys.Keep();
            return RecordResult.Opened;
        }
    }

    /// <summary>Copies what another process needs to go on receiving; false if the half is erased.</summary>
    public bool TryCapture(Span<byte> recordSecret, out ReplayWindow seen)
    {
        lock (gate)
        {
            seen = window;
            if (!erased)
            {
                keys.CopySecret(recordSecret);
            }

            return !erased;
        }
    }

    /// <summary>Goes on with a window that was kept elsewhere.</summary>
    public void Restore(in ReplayWindow seen)
    {
        lock (gate)
        {
            window = seen;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            erased = true;
            keys.Dispose();
        }
    }
}
