using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Fuzz;

/// <summary>What comes back from a store of sessions.</summary>
internal static class SessionStateTargets
{
    private static readonly AgentDid Owner = AgentDid.Parse("did:example:owner");

    private static readonly AgentDid Peer = AgentDid.Parse("did:example:peer");

    private static readonly byte[] RawKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    public static FuzzTarget[] All { get; } =
    [
        new("session-state", "a state that reads writes to the same bytes and can be gone on with; as a stored session it never opens", State, "\u0001\u0001", "\u0001\u0002", "context", "\0\0\0\0\0\0\0\0"),
    ];

    /// <summary>The state of a session after some messages; the corpus begins with it.</summary>
    public static byte[] GenuineState(KeyAlgorithm algorithm)
    {
        using PrivateKey key = PrivateKey.Import(algorithm, RawKey);
        ReplayWindow window = default;
        foreach (ulong number in new ulong[] { 0, 1, 2, 5 })
        {
            window.Mark(number);
        }

        using SessionState state = new()
        {
            Context = "context",
            PeerKey = key.PublicKey,
            Created = DateTimeOffset.UnixEpoch.AddDays(1),
            LastUsed = DateTimeOffset.UnixEpoch.AddDays(1).AddMinutes(1),
            NextSend = 4,
            Messages = 8,
            Window = window,
        };
        RawKey.CopyTo(state.RecordSecret);
        byte[] bytes = new byte[SessionState.MaxSize];
        return bytes[..state.Write(bytes)];
    }

    /// <summary>Whether bytes are a state.</summary>
    public static bool Reads(ReadOnlySpan<byte> bytes)
    {
        bool reads = SessionState.TryRead(bytes, out SessionState? state);
        state?.Dispose();
        return reads;
    }

    private static void State(ReadOnlySpan<byte> input)
    {
        if (SessionState.TryRead(input, out SessionState? state))
        {
            using (state)
            {
                Span<byte> again = stackalloc byte[SessionState.MaxSize];
                Oracle.Same(again[..state.Write(again)], input, "a state is not written as it was read");
                using SessionCipher cipher = SessionCipher.Restore(state, TimeProvider.System);
                Oracle.Holds(cipher.MessagesRemaining >= 0, "a state gives less than no messages");
                Oracle.Holds(!cipher.TryReserve(out ulong number) || number == state.NextSend, "a state gives another number than its next");
            }
        }

        if (input.Length is >= 1 and <= StoredSession.MaxStateSize)
        {
            using PrivateKey source = PrivateKey.Import(KeyAlgorithm.X25519, RawKey);
            using StateKey key = StateKey.Derive(source);
            StoredSession stored = new("kid-1", Peer, 1, DateTimeOffset.UnixEpoch, input);
            Oracle.Holds(!StateEnvelope.TryOpen(key, Owner, stored, out _), "a state opens that was never sealed");
            byte[] headed = [1, .. key.Id, .. input];
            if (headed.Length <= StoredSession.MaxStateSize)
            {
                Oracle.Holds(!StateEnvelope.TryOpen(key, Owner, new StoredSession("kid-1", Peer, 1, DateTimeOffset.UnixEpoch, headed), out _), "a state opens that was never sealed");
            }
        }
    }
}
