using Sage.Did;

namespace Sage.Session;

/// <summary>A session as an <see cref="ISessionStore"/> keeps it. Immutable.</summary>
public sealed class StoredSession
{
    /// <summary>The longest id, in ASCII characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The largest state, in bytes.</summary>
    public const int MaxStateSize = 4096;

    /// <summary>Makes a session.</summary>
    /// <param name="id">The handle of the session (SAGE profile P1 §4.6), 1 to 128 characters of printable ASCII.</param>
    /// <param name="peer">The agent at the other end.</param>
    /// <param name="version">Counts the writes, from 1.</param>
    /// <param name="expiresAt">When the session is over unless it is used again; kept in UTC, to the millisecond.</param>
    /// <param name="state">The encrypted state, 1 to 4,096 bytes; copied.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public StoredSession(string id, AgentDid peer, long version, DateTimeOffset expiresAt, ReadOnlySpan<byte> state)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!IsId(id))
        {
            throw new ArgumentException($"The id of a session is at most {MaxIdLength} characters of printable ASCII.", nameof(id));
        }

        if (peer == default)
        {
            throw new ArgumentException("The DID is default(AgentDid).", nameof(peer));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        if (state.IsEmpty || state.Length > MaxStateSize)
        {
            throw new ArgumentException($"The state of a session is 1 to {MaxStateSize} bytes.", nameof(state));
        }

        Id = id;
        Peer = peer;
        Version = version;
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(expiresAt.ToUnixTimeMilliseconds());
        State = state.ToArray();
    }

    /// <summary>The handle of the session.</summary>
    public string Id { get; }

    /// <summary>The agent at the other end.</summary>
    public AgentDid Peer { get; }

    /// <summary>Counts the writes, from 1.</summary>
    public long Version { get; }

    /// <summary>When the session is over unless it is used again, in UTC, to the millisecond.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The encrypted state.</summary>
    public ReadOnlyMemory<byte> State { get; }

    internal static bool IsId(string text) => text.Length is >= 1 and <= MaxIdLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
