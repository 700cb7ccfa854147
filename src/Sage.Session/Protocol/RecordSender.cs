using System.Buffers.Binary;

namespace Sage.Session;

/// <summary>The sending half of a session: numbers, nonces and keys, under one lock so that none is used twice.</summary>
internal sealed class RecordSender(ReadOnlySpan<byte> recordSecret, RecordDirection direction) : IDisposable
{
    private readonly Lock gate = new();
    private readonly NonceSource nonces = new();
    private readonly RecordKeys keys = new(recordSecret, direction);
    private ulong next;
    private bool erased;

    /// <summary>The number of the next record. Set when the session goes on with a state that was kept elsewhere, and by tests.</summary>
    public ulong Next
    {
        get
        {
            lock (gate)
            {
                return next;
            }
        }

        set
        {
            lock (gate)
            {
                next = value;
            }
        }
    }

    /// <summary>Seals one record; the destination has exactly its size.</summary>
    /// <param name="plaintext">The message.</param>
    /// <param name="aad">The caller's additional data.</param>
    /// <param name="record">The destination.</param>
    /// <param name="lifetime">Counts the record, under the lock: what was counted is sealed before anybody erases.</param>
    /// <param name="now">The time, as a timestamp of the time provider.</param>
    /// <returns><see langword="false"/> if the half is erased or the last message was had.</returns>
    /// <exception cref="InvalidOperationException">The last sequence number is used.</exception>
    public bool TrySeal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> record, SessionLifetime lifetime, long now)
    {
        lock (gate)
        {
            if (erased)
            {
                return false;
            }

            if (next == ulong.MaxValue)
            {
                throw new InvalidOperationException("This session has used its last sequence number; open a new one.");
            }

            if (!lifetime.TryCount(now))
            {
                return false;
            }

            SealNumbered(next++, plaintext, aad, record);
            return true;
        }
    }

    /// <summary>Takes a number, and counts its message, for a record that is sealed later or never.</summary>
    /// <returns><see langword="false"/> if the half is erased, or the last number or message was had.</returns>
    public bool TryReserve(SessionLifetime lifetime, long now, out ulong number)
    {
        lock (gate)
        {
            number = next;
            if (erased || next == ulong.MaxValue || !lifetime.TryCount(now))
            {
                return false;
            }

            next++;
            return true;
        }
    }

    /// <summary>Seals one record under a number of <see cref="TryReserve"/>, which is used once.</summary>
    /// <returns><see langword="false"/> if the half is erased.</returns>
    public bool TrySealReserved(ulong number, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> record)
    {
        lock (gate)
        {
            if (!erased)
            {
                SealNumbered(number, plaintext, aad, record);
            }

            return !erased;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            erased = true;
            keys.Dispose();
            nonces.Erase();
        }
    }

    private void SealNumbered(ulong number, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> record)
    {
        BinaryPrimitives.WriteUInt64BigEndian(record, number);
        nonces.Take(record.Slice(SessionCipher.NonceOffset, NonceSource.NonceSize));
        keys.Select(number);
        Span<byte> joined = stackalloc byte[aad.IsEmpty ? 0 : sizeof(ulong) + aad.Length];
        keys.Seal(
            plaintext, record.Slice(SessionCipher.NonceOffset, NonceSource.NonceSize),
            SessionCipher.JoinAad(record[..sizeof(ulong)], aad, joined), record[SessionCipher.HeaderSize..]);
        keys.Keep();
    }
}
