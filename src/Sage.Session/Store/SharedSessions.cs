using System.Security.Cryptography;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// The sessions of a listener that are kept in a store. The store is the truth and the table holds copies: a record counts only once
/// the store has taken the state that says so, and with it the number of the reply.
/// </summary>
internal sealed class SharedSessions(SessionContext context, SessionTable copies, ISessionStore store, StateKeyRing keys) : IDisposable
{
    // Each attempt that fails means that another node had its turn; who loses so often is refused.
    private const int MaxAttempts = 5;

    private const int ExpiredBatch = 500;
    private const int MaxBatches = 20;

    private readonly CancellationTokenSource stopping = new();
    private int removing;

    /// <summary>Reads the keys, and fails as they do.</summary>
    public async ValueTask LoadKeysAsync(CancellationToken cancellationToken) => _ = await keys.CurrentAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Keeps a new session; the caller disposes its cipher if it is refused.</summary>
    public async ValueTask<Refusal?> TryAddAsync(ResponderSession session, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ToMilliseconds(context.TimeProvider.GetUtcNow());
        session.Copy = new SessionCopy(1, now);
        try
        {
            StoredSession? stored = await SealAsync(session, session.Copy, now, cancellationToken).ConfigureAwait(false);
            SessionStoreResult result = stored is null ? SessionStoreResult.Duplicate : await store.TryAddAsync(stored, cancellationToken).ConfigureAwait(false);
            return result switch
            {
                SessionStoreResult.Added => copies.TryAddCopy(session) ? null : Refusal.Capacity,
                SessionStoreResult.Full => Refusal.Capacity,
                _ => Refusal.StoreFailed,
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SessionStoreFailed(context.Logger, exception);
            return Refusal.StoreFailed;
        }
    }

    /// <summary>Finds a session here or in the store.</summary>
    /// <returns>The session; or why there is none, where nothing means that nobody knows it.</returns>
    public async ValueTask<(ResponderSession? Session, Refusal? Refusal)> FindAsync(string kid, CancellationToken cancellationToken)
    {
        if (copies.TryFind(kid, out ResponderSession? session))
        {
            copies.Touch(session);
            return (session, null);
        }

        if (!StoredSession.IsId(kid))
        {
            return default;
        }

        (session, Refusal? refusal) = await LoadAsync(kid, cancellationToken).ConfigureAwait(false);
        if (session is null)
        {
            return (null, refusal);
        }

        if (copies.TryAddCopy(session))
        {
            context.Instruments.SessionStarted(SessionRole.Responder);
            return (session, null);
        }

        // Another record of this session was faster.
        session.Cipher.Dispose();
        return copies.TryFind(kid, out session) ? (session, null) : default;
    }

    /// <summary>Opens a record and has the store say so, together with the number of the reply; only then the message counts.</summary>
    /// <param name="session">A session of <see cref="FindAsync"/>.</param>
    /// <param name="record">The record, whose signature was checked.</param>
    /// <param name="plaintext">Receives the message; zeroed if it is refused.</param>
    /// <param name="cancellationToken">Cancels the call; the record may then count as used.</param>
    /// <returns>Why it is refused, or the number of the reply.</returns>
    public async ValueTask<(Refusal? Refusal, ulong Number)> AcceptAsync(
        ResponderSession session, ReadOnlyMemory<byte> record, Memory<byte> plaintext, CancellationToken cancellationToken)
    {
        SessionCopy copy = session.Copy!;
        bool accepted = false;
        await copy.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                Refusal? refusal = copy.IsStale || session.Cipher.IsExpired ? await ReloadAsync(session, copy, cancellationToken).ConfigureAwait(false) : null;
                refusal ??= await OpenAsync(session, record, plaintext, cancellationToken).ConfigureAwait(false);
                if (refusal is not null)
                {
                    return (refusal, 0);
                }

                // From here on the copy is ahead of the store, until the store has answered.
                copy.IsStale = true;
                if (!session.Cipher.TryReserve(out ulong number))
                {
                    return (Refusal.SessionExhausted, 0);
                }

                accepted = await TryWriteAsync(session, copy, cancellationToken).ConfigureAwait(false);
                if (accepted)
                {
                    return (null, number);
                }
            }

            return (Refusal.StoreConflict, 0);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SessionStoreFailed(context.Logger, exception);
            return (Refusal.StoreFailed, 0);
        }
        finally
        {
            if (!accepted)
            {
                CryptographicOperations.ZeroMemory(plaintext.Span);
            }

            copy.Turn.Release();
        }
    }

    /// <summary>Ends a session here and in the store.</summary>
    public async ValueTask EndAsync(ResponderSession session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        copies.Remove(session, reason);
        await RemoveAsync(session.Kid, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ids of a peer's sessions; none if the store cannot say, as every record looks again.</summary>
    public async ValueTask<IReadOnlyList<string>> FindByPeerAsync(AgentDid peer, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindByPeerAsync(peer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SessionStoreFailed(context.Logger, exception);
            return [];
        }
    }

    /// <summary>Removes a session that this process has no copy of, if a look-up refutes the key that opened it.</summary>
    public async ValueTask EndIfRefutedAsync(string kid, PeerLookupResult lookup, CancellationToken cancellationToken)
    {
        (ResponderSession? session, _) = await LoadAsync(kid, cancellationToken).ConfigureAwait(false);
        if (session is not null)
        {
            session.Cipher.Dispose();
            if (lookup.Refutes(session.PeerKey))
            {
                Log.PeerKeyRevoked(context.Logger, session.Peer);
                await RemoveAsync(kid, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes expired sessions from the store, a batch at a time; does nothing while it is at it. Never throws.</summary>
    public async Task RemoveExpiredAsync()
    {
        if (Interlocked.Exchange(ref removing, 1) != 0)
        {
            return;
        }

        try
        {
            int removed = ExpiredBatch;
            for (int batch = 0; batch < MaxBatches && removed == ExpiredBatch; batch++)
            {
                removed = await store.RemoveExpiredAsync(ExpiredBatch, stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                Log.SessionStoreFailed(context.Logger, exception);
            }
        }
        finally
        {
            Volatile.Write(ref removing, 0);
        }
    }

    /// <summary>Stops; the sessions go on elsewhere.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        keys.Dispose();
    }

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private async ValueTask<(ResponderSession? Session, Refusal? Refusal)> LoadAsync(string kid, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindAsync(kid, cancellationToken).ConfigureAwait(false) is not { } stored)
            {
                return default;
            }

            using SessionState? state = await DecryptAsync(stored, kid, cancellationToken).ConfigureAwait(false);
            return state is null
                ? (null, Refusal.StateRejected)
                : (new ResponderSession(
                    kid, state.Context, stored.Peer, state.PeerKey, SessionCipher.Restore(state, context.TimeProvider), context.TimeProvider.GetTimestamp())
                {
                    Copy = new SessionCopy(stored.Version, state.Created),
                }, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SessionStoreFailed(context.Logger, exception);
            return (null, Refusal.StoreFailed);
        }
    }

    private async ValueTask<Refusal?> ReloadAsync(ResponderSession session, SessionCopy copy, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(session.Kid, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            copies.Remove(session, SessionEndReason.Released);
            return Refusal.SessionNotFound;
        }

        using SessionState? state = await DecryptAsync(stored, session.Kid, cancellationToken).ConfigureAwait(false);
        if (state is null)
        {
            return Refusal.StateRejected;
        }

        if (stored.Version < copy.Version)
        {
            // Numbers that were used would be used again.
            Log.StateRolledBack(context.Logger, session.Peer, stored.Version, copy.Version);
            return Refusal.StateRejected;
        }

        session.Cipher.Reload(state, context.TimeProvider.GetUtcNow());
        copy.Version = stored.Version;
        copy.IsStale = false;
        return null;
    }

    private async ValueTask<Refusal?> OpenAsync(ResponderSession session, ReadOnlyMemory<byte> record, Memory<byte> plaintext, CancellationToken cancellationToken)
    {
        // A record takes one message and its reply another.
        if (session.Cipher.MessagesRemaining < 2)
        {
            await EndAsync(session, SessionEndReason.Expired, cancellationToken).ConfigureAwait(false);
            return Refusal.SessionExhausted;
        }

        switch (session.Cipher.TryOpen(record.Span, default, plaintext.Span, out _))
        {
            case RecordResult.Opened:
                return null;
            case RecordResult.Replayed:
                return Refusal.Replayed;
            case RecordResult.Expired or RecordResult.Closed:
                copies.Remove(session, SessionEndReason.Released);
                return Refusal.SessionNotFound;
            default:
                return Refusal.RecordRejected;
        }
    }

    private async ValueTask<bool> TryWriteAsync(ResponderSession session, SessionCopy copy, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ToMilliseconds(context.TimeProvider.GetUtcNow());
        SessionCopy next = new(copy.Version + 1, copy.Created);
        StoredSession? stored = await SealAsync(session, next, now > copy.Created ? now : copy.Created, cancellationToken).ConfigureAwait(false);
        if (stored is null || !await store.TryUpdateAsync(stored, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        copy.Version = next.Version;
        copy.IsStale = false;
        return true;
    }

    /// <summary>Encrypts the state of a session; null if the session is closed.</summary>
    private async ValueTask<StoredSession?> SealAsync(ResponderSession session, SessionCopy copy, DateTimeOffset lastUsed, CancellationToken cancellationToken)
    {
        StateKey key = await keys.CurrentAsync(cancellationToken).ConfigureAwait(false);
        using SessionState state = new() { Context = session.Context, PeerKey = session.PeerKey, Created = copy.Created, LastUsed = lastUsed };
        return session.Cipher.TryCapture(state)
            ? StateEnvelope.Seal(key, context.Self.Did, session.Kid, session.Peer, copy.Version, SessionLimits.Default.EndOf(state), state)
            : null;
    }

    private async ValueTask<SessionState?> DecryptAsync(StoredSession stored, string kid, CancellationToken cancellationToken)
    {
        SessionState? state = null;
        bool opened = stored.Id == kid
            && await keys.FindAsync(stored, cancellationToken).ConfigureAwait(false) is { } key
            && StateEnvelope.TryOpen(key, context.Self.Did, stored, out state);
        if (!opened)
        {
            Log.StateRejected(context.Logger, stored.Peer);
        }

        return state;
    }

    private async ValueTask RemoveAsync(string kid, CancellationToken cancellationToken)
    {
        try
        {
            await store.RemoveAsync(kid, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It stays until it expires; whatever ended it here ends it again wherever a record arrives.
            Log.SessionStoreFailed(context.Logger, exception);
        }
    }
}
