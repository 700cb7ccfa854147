using FsCheck;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Session.Tests.Unit.Store;

[TestFixture]
internal sealed class StateEnvelopeTests
{
    private static readonly AgentDid Owner = AgentDid.Parse("did:example:owner");
    private static readonly AgentDid Peer = AgentDid.Parse("did:example:peer");
    private static readonly DateTimeOffset End = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private PrivateKey source = null!;
    private StateKey key = null!;
    private SessionState state = null!;

    [SetUp]
    public void SetUp()
    {
        source = PrivateKey.Import(KeyAlgorithm.X25519, Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        key = StateKey.Derive(source);
        using PrivateKey peerKey = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        state = new SessionState { Context = "context", PeerKey = peerKey.PublicKey, Created = End.AddHours(-1), LastUsed = End.AddMinutes(-10), NextSend = 7 };
    }

    [TearDown]
    public void TearDown()
    {
        state.Dispose();
        key.Dispose();
        source.Dispose();
    }

    [Test]
    public void A_state_opens_where_it_was_sealed()
    {
        StoredSession sealedState = Seal();

        Assert.That(StateEnvelope.TryOpen(key, Owner, sealedState, out SessionState? opened), Is.True);
        using (opened)
        {
            Assert.That((opened!.Context, opened.NextSend, opened.PeerKey), Is.EqualTo(("context", 7UL, state.PeerKey)));
        }

        Assert.That(StateEnvelope.TryOpen(key, Peer, sealedState, out _), Is.False, "another agent's");
    }

    [Test]
    public void Every_flipped_bit_and_every_other_length_is_refused()
    {
        StoredSession sealedState = Seal();
        byte[] bytes = sealedState.State.ToArray();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(StateEnvelope.TryOpen(key, Owner, With(sealedState, bytes), out _), Is.False, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.That(StateEnvelope.TryOpen(key, Owner, With(sealedState, bytes[..length]), out _), Is.False, $"{length} bytes");
        }

        Assert.That(StateEnvelope.TryOpen(key, Owner, With(sealedState, [.. bytes, 0]), out _), Is.False);
        Assert.That(StateEnvelope.TryOpen(key, Owner, With(sealedState, bytes), out SessionState? opened), Is.True, "the loops left it as it was");
        opened!.Dispose();
    }

    [Test]
    public void What_is_sealed_but_is_no_state_is_refused()
    {
        foreach (int size in new[] { 0, 1, 100, SessionState.MaxSize, SessionState.MaxSize + 1, 4000 })
        {
            StoredSession sealedBytes = StateEnvelope.Seal(key, Owner, "kid", Peer, 1, End, new byte[size]);
            Assert.That(StateEnvelope.TryOpen(key, Owner, sealedBytes, out _), Is.False, $"{size} bytes");
        }
    }

    [Test]
    public void Another_key_opens_nothing_and_derivation_is_fixed()
    {
        StoredSession sealedState = Seal();
        using PrivateKey otherSource = PrivateKey.Generate(KeyAlgorithm.X25519);
        using StateKey other = StateKey.Derive(otherSource);
        using StateKey same = StateKey.Derive(source);

        Assert.That(StateEnvelope.TryOpen(other, Owner, sealedState, out _), Is.False);
        Assert.That(StateEnvelope.IsUnder(other, sealedState), Is.False);
        Assert.That(StateEnvelope.TryOpen(same, Owner, sealedState, out SessionState? opened), Is.True);
        opened!.Dispose();

        // HKDF-SHA256 by its definition (RFC 5869 §2): a state that is kept today opens with every later version.
        byte[] prk = System.Security.Cryptography.HMACSHA256.HashData(new byte[32], Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        byte[] first = System.Security.Cryptography.HMACSHA256.HashData(prk, (byte[])[.. "sage/session-store/v1"u8, 1]);
        byte[] second = System.Security.Cryptography.HMACSHA256.HashData(prk, (byte[])[.. first, .. "sage/session-store/v1"u8, 2]);
        Assert.That(key.Key.ToArray(), Is.EqualTo(first));
        Assert.That(key.Id.ToArray(), Is.EqualTo(second[..16]));
        Assert.That(key.ToString(), Is.EqualTo("StateKey"));
    }

    [FsCheck.NUnit.Property]
    public bool A_state_opens_only_with_the_id_peer_version_and_end_it_was_sealed_with(PositiveInt version, NonNegativeInt seconds, bool otherId, bool otherPeer, bool otherVersion, bool otherEnd)
    {
        StoredSession stored = StateEnvelope.Seal(key, Owner, "kid-1", Peer, version.Get, End.AddSeconds(seconds.Get), state);
        StoredSession moved = new(
            otherId ? "kid-2" : "kid-1", otherPeer ? Owner : Peer, version.Get + (otherVersion ? 1L : 0), End.AddSeconds(seconds.Get).AddMilliseconds(otherEnd ? 1 : 0), stored.State.Span);
        bool opened = StateEnvelope.TryOpen(key, Owner, moved, out SessionState? read);
        read?.Dispose();
        return opened == !(otherId || otherPeer || otherVersion || otherEnd);
    }

    private static StoredSession With(StoredSession stored, byte[] bytes) => new(stored.Id, stored.Peer, stored.Version, stored.ExpiresAt, bytes);

    private StoredSession Seal() => StateEnvelope.Seal(key, Owner, "kid-1", Peer, 3, End, state);
}
