using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Session.Tests.Unit.Protocol;

/// <summary>A responder's end that goes on from a state: with numbers, keys and limits as if it had never stopped.</summary>
[TestFixture]
internal sealed class RestoredCipherTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public void It_goes_on_after_every_record_over_several_generations_of_keys()
    {
        SessionLimits limits = new() { MaxMessages = 5000 };
        byte[] seed = new byte[32];
        using SessionCipher initiator = SessionCipher.Create(seed, isInitiator: true, time, limits);
        SessionCipher responder = SessionCipher.Create(seed, isInitiator: false, time, limits);
        for (int i = 0; i < 700; i++)
        {
            byte[] record = initiator.Seal([(byte)i]);
            Assert.That(responder.Open(record), Is.EqualTo(RecordResult.Opened));
            Assert.That(responder.TryReserve(out ulong number), Is.True);
            SessionCipher next = Restore(responder, limits);
            responder.Dispose();
            responder = next;

            Assert.That(responder.Open(record), Is.EqualTo(RecordResult.Replayed));
            byte[] reply = new byte[SessionCipher.Overhead];
            responder.SealReserved(number, default, reply);
            Assert.That(initiator.Open(reply), Is.EqualTo(RecordResult.Opened));
            Assert.That(number, Is.EqualTo(i));
            Assert.That(responder.MessagesRemaining, Is.EqualTo(initiator.MessagesRemaining));
        }

        responder.Dispose();
    }

    [Test]
    public void A_clock_that_is_behind_makes_no_session_younger_than_new()
    {
        SessionLimits limits = new();
        using SessionCipher responder = SessionCipher.Create(new byte[32], isInitiator: false, time, limits);
        using SessionState state = Capture(responder, time.GetUtcNow().AddHours(5));
        using SessionCipher restored = SessionCipher.Restore(state, time);

        time.Advance(limits.MaxIdle - TimeSpan.FromSeconds(1));
        Assert.That(restored.IsExpired, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(restored.IsExpired, Is.True);
    }

    [Test]
    public void A_reserved_number_is_sealed_after_the_last_message_was_counted_but_not_after_the_end()
    {
        SessionLimits limits = new() { MaxMessages = 1 };
        using SessionCipher responder = SessionCipher.Create(new byte[32], isInitiator: false, time, limits);
        Assert.That(responder.TryReserve(out ulong number), Is.True);
        Assert.That(responder.TryReserve(out _), Is.False);
        byte[] record = new byte[SessionCipher.Overhead];
        responder.SealReserved(number, default, record);

        time.Advance(limits.MaxIdle);
        Assert.That(() => responder.SealReserved(number, default, record), Throws.InvalidOperationException);
    }

    [Test]
    public void An_erased_session_gives_no_state_and_no_number()
    {
        SessionCipher responder = SessionCipher.Create(new byte[32], isInitiator: false, time);
        responder.Dispose();
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using SessionState state = new() { Context = "c", PeerKey = key.PublicKey, Created = default, LastUsed = default };

        Assert.That(responder.TryCapture(state), Is.False);
        Assert.That(state.RecordSecret.ToArray(), Is.All.Zero);
        Assert.That(responder.TryReserve(out _), Is.False);
        Assert.That(() => responder.SealReserved(0, default, new byte[SessionCipher.Overhead]), Throws.InvalidOperationException);
    }

    private static SessionState Capture(SessionCipher cipher, DateTimeOffset now)
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        SessionState state = new() { Context = "c", PeerKey = key.PublicKey, Created = now, LastUsed = now };
        Assert.That(cipher.TryCapture(state), Is.True);
        byte[] bytes = new byte[SessionState.MaxSize];
        Assert.That(SessionState.TryRead(bytes.AsSpan(0, state.Write(bytes)), out SessionState? read), Is.True);
        state.Dispose();
        return read!;
    }

    private SessionCipher Restore(SessionCipher cipher, SessionLimits limits)
    {
        using SessionState state = Capture(cipher, time.GetUtcNow());
        return SessionCipher.Restore(state, time, limits);
    }
}
