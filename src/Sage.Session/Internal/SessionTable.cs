using System.Diagnostics.CodeAnalysis;
using Sage.Did;

namespace Sage.Session;

/// <summary>
/// The sessions of a listener, found by their handle. Bounded in total and per peer; full means refuse. One list is in
/// order of age and one in order of use, so expired sessions are always at a head and no call ever scans.
/// </summary>
internal sealed class SessionTable(int capacity, int capacityPerPeer, SessionLimits limits, TimeProvider timeProvider, Action<ResponderSession, SessionEndReason> ended)
    : IDisposable
{
    /// <summary>Whether the sessions are copies of those in a store: then letting go of one does not end it, and full means that the idlest leaves.</summary>
    public bool HoldsCopies { get; init; }

    // Each call that may add one session removes up to this many expired ones, which keeps every call short.
    private const int EvictionsPerCall = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<string, ResponderSession> byKid = new(StringComparer.Ordinal);
    private readonly Dictionary<AgentDid, LinkedList<ResponderSession>> byPeer = [];
    private readonly LinkedList<ResponderSession> byAge = [];
    private readonly LinkedList<ResponderSession> byUse = [];
    private bool disposed;

    // The store knows whether the time of a session is over; here only that of a copy is.
    private SessionEndReason Expiry => HoldsCopies ? SessionEndReason.Released : SessionEndReason.Expired;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return byKid.Count;
            }
        }
    }

    /// <summary>Whether a session of this peer would find room now.</summary>
    public bool HasRoom(AgentDid peer)
    {
        EvictExpired(EvictionsPerCall);
        lock (gate)
        {
            return HasRoomCore(peer);
        }
    }

    /// <summary>Adds a session; the table owns its cipher from then on.</summary>
    /// <returns><see langword="false"/>, and the caller keeps the session, if there is no room.</returns>
    public bool TryAdd(ResponderSession session)
    {
        lock (gate)
        {
            if (disposed || !HasRoomCore(session.Peer) || !byKid.TryAdd(session.Kid, session))
            {
                return false;
            }

            if (!byPeer.TryGetValue(session.Peer, out LinkedList<ResponderSession>? ofPeer))
            {
                byPeer.Add(session.Peer, ofPeer = []);
            }

            ofPeer.AddLast(session.OfPeer);
            byAge.AddLast(session.ByAge);
            byUse.AddLast(session.ByUse);
            return true;
        }
    }

    /// <summary>Adds a copy of a session, in place of the one that was not used for longest if there is no room.</summary>
    /// <returns><see langword="false"/>, and the caller keeps the session, if there is a copy already.</returns>
    public bool TryAddCopy(ResponderSession session)
    {
        ResponderSession? idlest = null;
        bool added;
        lock (gate)
        {
            if (!disposed && byKid.Count >= capacity && !byKid.ContainsKey(session.Kid))
            {
                idlest = byUse.First!.Value;
                RemoveCore(idlest);
            }

            added = TryAdd(session);
        }

        if (idlest is not null)
        {
            End(idlest, SessionEndReason.Released);
        }

        return added;
    }

    public bool TryFind(string kid, [NotNullWhen(true)] out ResponderSession? session)
    {
        lock (gate)
        {
            if (!byKid.TryGetValue(kid, out session))
            {
                return false;
            }

            if (!IsExpired(session, timeProvider.GetTimestamp()))
            {
                return true;
            }
        }

        Remove(session, Expiry);
        session = null;
        return false;
    }

    /// <summary>The sessions of a peer at this moment.</summary>
    public ResponderSession[] Of(AgentDid peer)
    {
        lock (gate)
        {
            return byPeer.TryGetValue(peer, out LinkedList<ResponderSession>? ofPeer) ? [.. ofPeer] : [];
        }
    }

    /// <summary>Notes that the session was used now, which is what idle time is counted from.</summary>
    public void Touch(ResponderSession session)
    {
        lock (gate)
        {
            if (session.ByUse.List is not null)
            {
                session.LastUsed = timeProvider.GetTimestamp();
                byUse.Remove(session.ByUse);
                byUse.AddLast(session.ByUse);
            }
        }
    }

    /// <summary>Takes the session out and erases its keys; nothing happens if it is not there any more.</summary>
    public void Remove(ResponderSession session, SessionEndReason reason)
    {
        lock (gate)
        {
            if (!RemoveCore(session))
            {
                return;
            }
        }

        End(session, reason);
    }

    /// <summary>Removes up to so many expired sessions.</summary>
    /// <returns>How many were removed.</returns>
    public int EvictExpired(int most)
    {
        int evicted = 0;
        while (evicted < most && TakeExpired() is { } session)
        {
            End(session, Expiry);
            evicted++;
        }

        return evicted;
    }

    public void Dispose()
    {
        ResponderSession[] all;
        lock (gate)
        {
            disposed = true;
            all = [.. byKid.Values];
            foreach (ResponderSession session in all)
            {
                RemoveCore(session);
            }
        }

        foreach (ResponderSession session in all)
        {
            End(session, HoldsCopies ? SessionEndReason.Released : SessionEndReason.Closed);
        }
    }

    private ResponderSession? TakeExpired()
    {
        lock (gate)
        {
            long now = timeProvider.GetTimestamp();
            ResponderSession? session =
                byAge.First is { Value: var oldest } && IsExpired(oldest, now) ? oldest
                : byUse.First is { Value: var idlest } && IsExpired(idlest, now) ? idlest
                : null;
            if (session is not null)
            {
                RemoveCore(session);
            }

            return session;
        }
    }

    private bool HasRoomCore(AgentDid peer) => byKid.Count < capacity && (byPeer.GetValueOrDefault(peer)?.Count ?? 0) < capacityPerPeer;

    private bool IsExpired(ResponderSession session, long now) =>
        timeProvider.GetElapsedTime(session.Created, now) >= limits.MaxAge || timeProvider.GetElapsedTime(session.LastUsed, now) >= limits.MaxIdle;

    private bool RemoveCore(ResponderSession session)
    {
        if (session.ByAge.List is null)
        {
            return false;
        }

        byKid.Remove(session.Kid);
        byAge.Remove(session.ByAge);
        byUse.Remove(session.ByUse);
        LinkedList<ResponderSession> ofPeer = byPeer[session.Peer];
        ofPeer.Remove(session.OfPeer);
        if (ofPeer.Count == 0)
        {
            byPeer.Remove(session.Peer);
        }

        return true;
    }

    private void End(ResponderSession session, SessionEndReason reason)
    {
        session.Cipher.Dispose();
        ended(session, reason);
    }
}
