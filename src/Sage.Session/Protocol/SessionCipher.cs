using System.Security.Cryptography;

namespace Sage.Session;

/// <summary>
/// The record layer of one session (SAGE profile P1 §5.3): <c>be64(sequence) ‖ nonce[12] ‖ ChaCha20-Poly1305</c>. Keys
/// change every 256 records, which is no ratchet: all come from the session's one seed.
/// </summary>
/// <remarks>
/// Safe from any thread, disposing included: who loses that race gets <see cref="ObjectDisposedException"/> or
/// <see cref="RecordResult.Closed"/>. Sealing and opening allocate nothing per record.
/// </remarks>
internal sealed class SessionCipher : IDisposable
{
    /// <summary>How many bytes a record is longer than its plaintext; no record is shorter.</summary>
    public const int Overhead = HeaderSize + RecordKeys.TagSize;

    /// <summary>The most additional data a record may have, in bytes.</summary>
    public const int MaxAadSize = 1024;

    internal const int NonceOffset = sizeof(ulong);
    internal const int HeaderSize = NonceOffset + NonceSource.NonceSize;

    private readonly RecordSender sender;
    private readonly RecordReceiver receiver;
    private readonly SessionLifetime lifetime;
    private volatile bool disposed;

    private SessionCipher(ReadOnlySpan<byte> recordSecret, RecordDirection sends, RecordDirection receives, TimeProvider timeProvider, SessionLimits limits)
    {
        sender = new RecordSender(recordSecret, sends);
        receiver = new RecordReceiver(recordSecret, receives);
        lifetime = new SessionLifetime(limits, timeProvider);
    }

    /// <summary>How many more messages, sent and received together, the session carries.</summary>
    public long MessagesRemaining => lifetime.Remaining;

    /// <summary>Whether the session has reached its age, its idle time or its number of messages.</summary>
    public bool IsExpired => lifetime.HasEnded(lifetime.Now);

    /// <summary>The number of the next record to send. Set by tests.</summary>
    internal ulong NextSequence
    {
        get => sender.Next;
        set => sender.Next = value;
    }

    /// <summary>The session of a handshake; the caller zeroes the seed.</summary>
    public static SessionCipher Create(ReadOnlySpan<byte> seed, bool isInitiator, TimeProvider timeProvider, SessionLimits? limits = null) => FromSeed(
        seed,
        isInitiator ? RecordDirection.FromInitiator : RecordDirection.FromResponder,
        isInitiator ? RecordDirection.FromResponder : RecordDirection.FromInitiator,
        timeProvider,
        limits ?? SessionLimits.Default);

    /// <summary>A session that uses one key both ways, as the vectors have it. A handshake never makes one.</summary>
    public static SessionCipher CreateShared(ReadOnlySpan<byte> seed, TimeProvider timeProvider, SessionLimits? limits = null) =>
        FromSeed(seed, RecordDirection.Shared, RecordDirection.Shared, timeProvider, limits ?? SessionLimits.Default);

    /// <summary>The responder's end of a session that lived elsewhere so far; the caller disposes the state.</summary>
    public static SessionCipher Restore(SessionState state, TimeProvider timeProvider, SessionLimits? limits = null)
    {
        SessionCipher cipher = new(state.RecordSecret, RecordDirection.FromResponder, RecordDirection.FromInitiator, timeProvider, limits ?? SessionLimits.Default);
        cipher.Reload(state, timeProvider.GetUtcNow());
        return cipher;
    }

    /// <summary>Encrypts the next record.</summary>
    /// <param name="plaintext">The message; may be empty.</param>
    /// <param name="aad">Data that is authenticated and not sent; at most <see cref="MaxAadSize"/> bytes.</param>
    /// <param name="record">Receives <see cref="Overhead"/> bytes more than <paramref name="plaintext"/> has; must not overlap it.</param>
    /// <returns>The length of the record.</returns>
    /// <exception cref="ArgumentException">The destination is too small or overlaps, or the additional data is too long.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">The session has reached one of its limits and is erased.</exception>
    public int Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> aad, Span<byte> record)
    {
        int size = checked(plaintext.Length + Overhead);
        RequireArguments(plaintext.Overlaps(record), record.Length >= size, aad.Length);
        ObjectDisposedException.ThrowIf(disposed, this);
        long now = lifetime.Now;
        if (lifetime.HasEnded(now) || !sender.TrySeal(plaintext, aad, record[..size], lifetime, now))
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            Erase();
            throw new InvalidOperationException("The session has reached its age, its idle time or its number of messages; open a new one.");
        }

        return size;
    }

    /// <summary>Takes the number of a later record, and counts its message: who keeps the state first never uses a number twice.</summary>
    /// <returns><see langword="false"/> if the session has no number or message left.</returns>
    public bool TryReserve(out ulong number) => sender.TryReserve(lifetime, lifetime.Now, out number);

    /// <summary>Encrypts the record of a number of <see cref="TryReserve"/>, once.</summary>
    /// <param name="number">The number.</param>
    /// <param name="plaintext">The message; may be empty.</param>
    /// <param name="record">Receives exactly <see cref="Overhead"/> bytes more; must not overlap <paramref name="plaintext"/>.</param>
    /// <exception cref="InvalidOperationException">The session's time is over, or it is erased.</exception>
    public void SealReserved(ulong number, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        RequireArguments(plaintext.Overlaps(record), record.Length == plaintext.Length + Overhead, 0);
        if (lifetime.HasTimedOut(lifetime.Now) || !sender.TrySealReserved(number, plaintext, default, record))
        {
            throw new InvalidOperationException("The session has reached its age or its idle time, or was closed; open a new one.");
        }
    }

    /// <summary>Writes secret, numbers, window and count into a state; false if the session is erased.</summary>
    public bool TryCapture(SessionState state)
    {
        bool captured = receiver.TryCapture(state.RecordSecret, out ReplayWindow window);
        state.Window = window;
        state.NextSend = sender.Next;
        state.Messages = lifetime.Messages;
        return captured;
    }

    /// <summary>Goes on with numbers, window, count and times of a state of this session.</summary>
    public void Reload(SessionState state, DateTimeOffset now)
    {
        receiver.Restore(state.Window);
        sender.Next = state.NextSend;

        // A clock of another node may be ahead: no age is below zero.
        lifetime.Restore(NotNegative(now - state.Created), NotNegative(now - state.LastUsed), state.Messages);
    }

    /// <summary>Decrypts a record. A record that is not opened changes nothing.</summary>
    /// <param name="record">The record as received.</param>
    /// <param name="aad">The data that was authenticated with it; at most <see cref="MaxAadSize"/> bytes.</param>
    /// <param name="plaintext">
    /// Receives <see cref="Overhead"/> bytes less than <paramref name="record"/> has; that part is zeroed if the record is
    /// not opened. Must not overlap the record.
    /// </param>
    /// <param name="written">The length of the plaintext, or 0.</param>
    /// <returns><see cref="RecordResult.Opened"/>, or why not.</returns>
    /// <exception cref="ArgumentException">The destination is too small or overlaps, or the additional data is too long.</exception>
    public RecordResult TryOpen(ReadOnlySpan<byte> record, ReadOnlySpan<byte> aad, Span<byte> plaintext, out int written)
    {
        written = 0;
        if (record.Length < Overhead)
        {
            return RecordResult.Malformed;
        }

        int size = record.Length - Overhead;
        RequireArguments(record.Overlaps(plaintext), plaintext.Length >= size, aad.Length);
        plaintext = plaintext[..size];
        RecordResult result = RecordResult.Closed;
        try
        {
            result = Open(record, aad, plaintext);
        }
        finally
        {
            if (result != RecordResult.Opened)
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        }

        written = result == RecordResult.Opened ? size : 0;
        return result;
    }

    /// <summary>Erases every key of the session.</summary>
    public void Dispose()
    {
        disposed = true;
        Erase();
    }

    /// <summary>The additional data of the cipher: the sequence number and what the caller adds (§5.3).</summary>
    internal static ReadOnlySpan<byte> JoinAad(ReadOnlySpan<byte> sequence, ReadOnlySpan<byte> aad, Span<byte> joined)
    {
        if (aad.IsEmpty)
        {
            return sequence;
        }

        sequence.CopyTo(joined);
        aad.CopyTo(joined[sequence.Length..]);
        return joined;
    }

    private static SessionCipher FromSeed(ReadOnlySpan<byte> seed, RecordDirection sends, RecordDirection receives, TimeProvider timeProvider, SessionLimits limits)
    {
        Span<byte> recordSecret = stackalloc byte[KeySchedule.KeySize];
        try
        {
            KeySchedule.RecordSecret(seed, recordSecret);
            return new SessionCipher(recordSecret, sends, receives, timeProvider, limits);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordSecret);
        }
    }

    private static TimeSpan NotNegative(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static void RequireArguments(bool overlap, bool fits, int aadSize)
    {
        if (overlap)
        {
            throw new ArgumentException("The record and the plaintext must not overlap.");
        }

        if (!fits)
        {
            throw new ArgumentException($"The destination is too small: a record is {Overhead} bytes longer than its plaintext.");
        }

        if (aadSize > MaxAadSize)
        {
            throw new ArgumentException($"The additional data is at most {MaxAadSize} bytes.");
        }
    }

    private RecordResult Open(ReadOnlySpan<byte> record, ReadOnlySpan<byte> aad, Span<byte> plaintext)
    {
        if (disposed)
        {
            return RecordResult.Closed;
        }

        long now = lifetime.Now;
        if (lifetime.HasEnded(now))
        {
            Erase();
            return RecordResult.Expired;
        }

        return receiver.TryOpen(record, aad, plaintext, lifetime, now);
    }

    // One lock after the other, never both: sealing and opening may run while the other half is erased.
    private void Erase()
    {
        sender.Dispose();
        receiver.Dispose();
    }
}
