using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests.Contracts;

namespace Sage.Benchmarks;

/// <summary>What an application calls: a client and a listener, with envelopes, resolution, limits and telemetry, without a network.</summary>
internal static class SessionGroups
{
    public static Func<Group>[] All { get; } = [Sessions];

    private static Group Sessions()
    {
        Agent alice = new();
        Agent bob = new();
        InMemoryAgentRegistry registry = new([alice.Record, bob.Record]);
        AgentSessionOptions options = new()
        {
            Accept = AcceptRule.Anyone,
            CookieThreshold = int.MaxValue,
            HandshakesPerSecondPerAddress = int.MaxValue,
            HandshakesPerSecondPerDid = int.MaxValue,
            MaxSessions = 1_000_000,
            MaxSessionsPerPeer = 1_000_000,
        };
        InMemoryNonceStore nonces = new(TimeProvider.System, 10_000_000);
        SessionListener listener = new(bob.Local, registry, nonces, options);
        SessionClient client = new(alice.Local, registry, new Direct(() => listener), options);
        AgentSession session = Done(client.OpenAsync(bob.Local.Did));

        // A store that costs next to nothing itself: what is left is the state, its encryption and the bookkeeping.
        MemoryKeyStore keys = new();
        using PrivateKey stateKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        keys.AddAsync("state", stateKey).AsTask().GetAwaiter().GetResult();
        options.StateKey = "state";
        SessionListener storing = new(bob.Local, registry, nonces, options, sessionStore: new MemorySessionStore(TimeProvider.System), keyStore: keys);
        SessionClient toStored = new(alice.Local, registry, new Direct(() => storing), options);
        AgentSession stored = Done(toStored.OpenAsync(bob.Local.Did));

        // There is no close message, so a listener keeps what is opened; one in a thousand handshakes starts anew.
        int opened = 0;
        SessionListener fresh = new(bob.Local, registry, nonces, options);
        SessionClient opening = new(alice.Local, registry, new Direct(() => fresh), options);
        byte[] small = new byte[64];
        byte[] large = new byte[64 * 1024];
        return new Group(
            "sessions in memory, both sides",
            new Candidate("open", () =>
            {
                if (++opened % 1000 == 0)
                {
                    fresh.Dispose();
                    fresh = new SessionListener(bob.Local, registry, nonces, options);
                }

                Close(Done(opening.OpenAsync(bob.Local.Did)));
            }),
            new Candidate("request and reply, 64 B", () => Done(session.RequestAsync(small))),
            new Candidate("request and reply, 64 KiB", () => Done(session.RequestAsync(large))),
            new Candidate("request and reply, 64 B, with a store in memory", () => Done(stored.RequestAsync(small))))
        {
            FloorCount = 0,
            Owner = new Owned(alice, bob, listener, storing, keys),
        };
    }

    private static T Done<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Close(AgentSession session) => session.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private sealed class Agent : IDisposable
    {
        private readonly PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);

        public Agent()
        {
            using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
            AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
            KeySigner signer = new(signing);
            Local = new LocalAgent(did, signer, agreement);
            Record = new AgentRecord
            {
                Did = did,
                IsActive = true,
                Endpoint = "https://agent.example",
                Keys = [Done(RecordKey.CreateSigningKeyAsync(signer, did, TimeProvider.System.GetUtcNow()))],
                PublicKemKey = agreement.PublicKey.Export(),
            };
        }

        public LocalAgent Local { get; }

        public AgentRecord Record { get; }

        public void Dispose()
        {
            signing.Dispose();
            agreement.Dispose();
        }
    }

    /// <summary>Carries envelopes as bytes, as a network would.</summary>
    private sealed class Direct(Func<SessionListener> listener) : ISessionTransport
    {
        public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
        {
            WireResponse answer = await listener().HandleAsync(
                new SessionRequest(message.ToJson(), "127.0.0.1"), (request, _) => ValueTask.FromResult(request.Content), cancellationToken);
            return WireResponse.TryParse(answer.ToJson(), out WireResponse? read) ? read : throw new InvalidOperationException("An answer does not read.");
        }
    }
}
