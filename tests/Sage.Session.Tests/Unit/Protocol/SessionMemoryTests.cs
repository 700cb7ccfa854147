using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Tests;
using static Sage.Tests.MemoryScan;

namespace Sage.Session.Tests.Unit.Protocol;

/// <summary>What a handshake and a session leave in memory, stacks included.</summary>
[NonParallelizable]
internal sealed class SessionMemoryTests
{
    private static readonly int[] Sizes = [16, 4096];

    [SetUp]
    public void RequireSupport() => MemoryScan.RequireSupport();

    [Test]
    public void The_scan_finds_the_keys_of_a_session_in_use()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        using CipherPair pair = Use(seed);
        Assert.That(Find(Keys(seed)), Is.SupersetOf(new[] { "record secret", "c2s 0", "c2s 1", "c2s 2", "s2c 2" }));
    }

    [Test]
    public void A_disposed_session_leaves_neither_seed_nor_keys()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        Assert.That(FindAfter(() => Use(seed), () => Keys(seed)), Is.Empty);
    }

    [Test]
    public void Making_a_session_leaves_no_temporary()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        Assert.That(FindAfter(() => Make(seed), () => Keys(seed)), Is.Empty);
    }

    [Test]
    public void A_session_that_reached_its_end_leaves_neither_seed_nor_keys()
    {
        MaskedSecret seed = MaskedSecret.Random("seed");
        CipherPair? ended = null;
        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                ended = Use(seed);
                ended.Clock.Advance(TimeSpan.FromHours(2));
                Assert.That(ended.Initiator.Open(new byte[36]), Is.EqualTo(RecordResult.Expired));
                Assert.That(ended.Responder.Open(new byte[36]), Is.EqualTo(RecordResult.Expired));
                return null;
            },
            () => Keys(seed));
        Assert.That(found, Is.Empty);
        GC.KeepAlive(ended);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_handshake_leaves_no_secret_whether_it_succeeds_or_fails(bool succeeds)
    {
        MaskedSecret initiatorSecret = MaskedSecret.Random("ephC");
        MaskedSecret hpkeSecret = MaskedSecret.Random("enc");
        MaskedSecret responderSecret = MaskedSecret.Random("ephS");
        MaskedSecret? exporter = null;
        MaskedSecret? agreement = null;
        MaskedSecret? seed = null;
        using HandshakePair pair = new();
        IReadOnlyList<string> found = FindAfter(
            () =>
            {
                HandshakeInitiator initiator = pair.Start();
                byte[] payload = CreatePayload(initiator, initiatorSecret, hpkeSecret);
                Assert.That(InitiationPayload.TryParse(payload, out InitiationPayload? parsed), Is.True);
                HandshakeResponder responder = CreateResponder(pair, parsed!, initiator.Context, responderSecret);
                byte[] signed = succeeds ? responder.SignedBytes.ToArray() : ChangeKid(responder.SignedBytes.Span);
                responder.Finish(new byte[64], out SessionCipher answering);
                byte[] data = CompletionPayload.Write(signed, pair.ResponderKey.Sign(signed));
                (exporter, agreement, seed) = Derive(pair, parsed!, initiator.Context, responderSecret);
                if (!succeeds)
                {
                    answering.Dispose();
                    Assert.That(initiator.TryComplete(data, pair.ResponderKey.PublicKey, out _, out _, out HandshakeError error), Is.False);
                    Assert.That(error, Is.EqualTo(HandshakeError.NotConfirmed));
                    return null;
                }

                Assert.That(initiator.TryComplete(data, pair.ResponderKey.PublicKey, out SessionCipher? asking, out _, out _), Is.True);
                Records.RoundTrip(asking!, answering, "hello"u8);
                return new Both(asking!, answering);
            },
            () => [initiatorSecret, hpkeSecret, responderSecret, exporter!, agreement!, .. Keys(seed!)]);
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Combining_secrets_leaves_no_temporary()
    {
        MaskedSecret exporter = MaskedSecret.Random("exporter");
        MaskedSecret agreement = MaskedSecret.Random("agreement");
        Assert.That(FindAfter(() => Combine(exporter, agreement), () => [exporter, agreement]), Is.Empty);
    }

    private static IDisposable? Combine(MaskedSecret exporter, MaskedSecret agreement)
    {
        Span<byte> first = stackalloc byte[32];
        Span<byte> second = stackalloc byte[32];
        exporter.Reveal(first);
        agreement.Reveal(second);
        KeySchedule.Seed(first, second, "export"u8, stackalloc byte[32]);
        CryptographicOperations.ZeroMemory(first);
        CryptographicOperations.ZeroMemory(second);
        return null;
    }

    // The last character of the handle: the tag is then another's.
    private static byte[] ChangeKid(ReadOnlySpan<byte> signed)
    {
        byte[] changed = signed.ToArray();
        int at = signed.IndexOf("kid-1"u8);
        changed[at + 4] = (byte)'2';
        return changed;
    }

    private static SessionCipher Make(MaskedSecret seed)
    {
        Span<byte> clear = stackalloc byte[32];
        try
        {
            seed.Reveal(clear);
            return SessionCipher.Create(clear, isInitiator: true, TimeProvider.System);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static CipherPair Use(MaskedSecret seed)
    {
        Span<byte> clear = stackalloc byte[32];
        try
        {
            seed.Reveal(clear);
            CipherPair pair = new(clear);
            foreach (ulong sequence in (ulong[])[0, 256, 512])
            {
                pair.Initiator.NextSequence = sequence;
                pair.Responder.NextSequence = sequence;
                foreach (int size in Sizes)
                {
                    Records.RoundTrip(pair.Initiator, pair.Responder, new byte[size]);
                    Records.RoundTrip(pair.Responder, pair.Initiator, new byte[size]);
                }
            }

            return pair;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static MaskedSecret[] Keys(MaskedSecret seed)
    {
        Span<byte> clear = stackalloc byte[32];
        Span<byte> recordSecret = stackalloc byte[32];
        Span<byte> key = stackalloc byte[32];
        try
        {
            seed.Reveal(clear);
            KeySchedule.RecordSecret(clear, recordSecret);
            List<MaskedSecret> keys = [seed, new("record secret", recordSecret)];
            for (ulong generation = 0; generation < 3; generation++)
            {
                KeySchedule.RecordKey(recordSecret, RecordDirection.FromInitiator, generation, key);
                keys.Add(new MaskedSecret($"c2s {generation}", key));
                KeySchedule.RecordKey(recordSecret, RecordDirection.FromResponder, generation, key);
                keys.Add(new MaskedSecret($"s2c {generation}", key));
            }

            return [.. keys];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
            CryptographicOperations.ZeroMemory(recordSecret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] CreatePayload(HandshakeInitiator initiator, MaskedSecret ephemeral, MaskedSecret hpke)
    {
        Span<byte> first = stackalloc byte[32];
        Span<byte> second = stackalloc byte[32];
        ephemeral.Reveal(first);
        hpke.Reveal(second);
        byte[] payload = initiator.CreatePayload(new EphemeralKey(first), second, RandomText.Uuid());
        CryptographicOperations.ZeroMemory(first);
        CryptographicOperations.ZeroMemory(second);
        return payload;
    }

    private static HandshakeResponder CreateResponder(HandshakePair pair, InitiationPayload payload, string context, MaskedSecret ephemeral)
    {
        Span<byte> clear = stackalloc byte[32];
        ephemeral.Reveal(clear);
        using EphemeralKey key = new(clear);
        CryptographicOperations.ZeroMemory(clear);
        Assert.That(HandshakeResponder.TryCreate(payload, context, pair.AgreementKey, pair.Clock, key, "kid-1", out HandshakeResponder? responder), Is.True);
        return responder!;
    }

    private static (MaskedSecret Exporter, MaskedSecret Agreement, MaskedSecret Seed) Derive(
        HandshakePair pair, InitiationPayload payload, string context, MaskedSecret ephemeral)
    {
        Span<byte> exporter = stackalloc byte[32];
        Span<byte> agreement = stackalloc byte[32];
        Span<byte> seed = stackalloc byte[32];
        Span<byte> clear = stackalloc byte[32];
        Span<byte> info = stackalloc byte[KeySchedule.MaxContextText];
        Span<byte> export = stackalloc byte[KeySchedule.MaxContextText];
        ephemeral.Reveal(clear);
        using EphemeralKey key = new(clear);
        CryptographicOperations.ZeroMemory(clear);
        ReadOnlySpan<byte> exportText = KeySchedule.ExportContext(context, export);
        using (HpkeRecipient? recipient = HpkeRecipient.TryCreate(
            pair.AgreementKey, payload.EncapsulatedKey.Span, KeySchedule.Info(context, payload.Initiator, payload.Responder, info), HpkeAead.ChaCha20Poly1305))
        {
            recipient!.Export(exportText, exporter);
        }

        Assert.That(key.TryAgree(payload.InitiatorKey.Span, agreement), Is.True);
        KeySchedule.Seed(exporter, agreement, exportText, seed);
        (MaskedSecret, MaskedSecret, MaskedSecret) masked = (new("exporter", exporter), new("agreement", agreement), new("seed", seed));
        CryptographicOperations.ZeroMemory(exporter);
        CryptographicOperations.ZeroMemory(agreement);
        CryptographicOperations.ZeroMemory(seed);
        return masked;
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
