using System.Security.Cryptography;
using Sage.Crypto;

namespace Sage.Session.Tests.Unit.Protocol;

[NonParallelizable]
internal sealed class SessionCipherAllocationTests
{
    private const int Rounds = 100;

    [TestCase(0)]
    [TestCase(64)]
    [TestCase(1024)]
    [TestCase(16_384)]
    [TestCase(65_536)]
    public void Sealing_and_opening_allocate_nothing(int size)
    {
        using CipherPair pair = new(unlimited: true);
        byte[] message = new byte[size];
        byte[] record = new byte[size + SessionCipher.Overhead];
        byte[] aad = new byte[32];
        Assert.That(Allocated(() => Exchange(pair, message, aad, record)), Is.Zero);
    }

    [TestCase(64)]
    [TestCase(1024)]
    public void A_new_key_allocates_nothing_for_small_records(int size)
    {
        using CipherPair pair = new(unlimited: true);
        byte[] message = new byte[size];
        byte[] record = new byte[size + SessionCipher.Overhead];
        Assert.That(Allocated(() => Exchange(pair, message, default, record), rounds: 2000), Is.Zero);
    }

    [Test]
    public void A_refused_record_allocates_nothing()
    {
        using CipherPair pair = new(unlimited: true);
        byte[] forged = RandomNumberGenerator.GetBytes(100);
        byte[] plaintext = new byte[64];
        Assert.That(Allocated(() => Refuse(pair.Responder, forged, plaintext)), Is.Zero);
    }

    // A cipher that was derived anew would be a new object: large records use one for each key.
    [Test]
    public void Records_in_turn_from_both_sides_of_a_boundary_derive_no_key_again()
    {
        const int Size = 4096;
        using CipherPair pair = new(unlimited: true);
        byte[][] records = [.. Enumerable.Range(0, 512).Select(_ => pair.Initiator.Seal(new byte[Size]))];
        byte[] plaintext = new byte[Size];
        int next = 0;
        void OpenOneOfEach()
        {
            RequireOpened(pair.Responder, records[255 - next], plaintext);
            RequireOpened(pair.Responder, records[256 + next], plaintext);
            next++;
        }

        Assert.That(Allocated(OpenOneOfEach), Is.Zero);
    }

    [Test]
    public void Forgeries_of_a_far_generation_do_not_drive_out_the_keys_in_use()
    {
        const int Size = 4096;
        using CipherPair pair = new(unlimited: true);
        byte[][] records = [.. Enumerable.Range(0, 512).Select(_ => pair.Initiator.Seal(new byte[Size]))];
        byte[] forged = new byte[64 + SessionCipher.Overhead];
        byte[] plaintext = new byte[Size];
        byte far = 1;
        int next = 0;
        void OpenBetweenForgeries()
        {
            forged[4] = far++;
            Refuse(pair.Responder, forged, plaintext);
            RequireOpened(pair.Responder, records[255 - next], plaintext);
            RequireOpened(pair.Responder, records[256 + next], plaintext);
            next++;
        }

        Assert.That(Allocated(OpenBetweenForgeries), Is.Zero);
    }

    [Test]
    public void A_handshake_allocates_at_most_12_kB()
    {
        using HandshakePair pair = new();
        KeySigner initiatorSigner = new(pair.InitiatorKey);
        KeySigner responderSigner = new(pair.ResponderKey);
        void Handshake()
        {
            using HandshakeInitiator initiator = pair.Start();
            byte[] payload = initiator.CreatePayload();
            byte[] signature = Now(initiatorSigner.SignAsync(SigningPurpose.HandshakeInitiation, payload));
            bool accepted = InitiationPayload.TryParse(payload, out InitiationPayload? parsed)
                & HandshakeResponder.Check(parsed!, initiator.Context, HandshakePair.Initiator, HandshakePair.Responder, pair.Clock.GetUtcNow()) == HandshakeError.None
                & pair.InitiatorKey.PublicKey.Verify(payload, signature)
                & HandshakeResponder.TryCreate(parsed!, initiator.Context, pair.AgreementKey, pair.Clock, out HandshakeResponder? responder);
            byte[] answerSignature = Now(responderSigner.SignAsync(SigningPurpose.HandshakeResponse, responder!.SignedBytes));
            byte[] data = responder.Finish(answerSignature, out SessionCipher answering);
            accepted &= initiator.TryComplete(data, pair.ResponderKey.PublicKey, out SessionCipher? asking, out _, out _);
            answering.Dispose();
            asking!.Dispose();
            if (!accepted)
            {
                throw new InvalidOperationException("The handshake failed.");
            }
        }

        long perHandshake = Allocated(Handshake) / Rounds;
        TestContext.Out.WriteLine($"{perHandshake} bytes for each handshake");
        Assert.That(perHandshake, Is.LessThanOrEqualTo(12_000));
    }

    private static long Allocated(Action action, int rounds = Rounds)
    {
        for (int i = 0; i < 50; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Now(ValueTask<byte[]> task) => task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("Not complete.");

    private static void Exchange(CipherPair pair, byte[] message, byte[]? aad, byte[] record)
    {
        pair.Initiator.Seal(message, aad, record);
        if (pair.Responder.TryOpen(record, aad, message, out _) != RecordResult.Opened)
        {
            throw new InvalidOperationException("The record did not open.");
        }
    }

    private static void RequireOpened(SessionCipher cipher, byte[] record, byte[] plaintext)
    {
        if (cipher.TryOpen(record, default, plaintext, out _) != RecordResult.Opened)
        {
            throw new InvalidOperationException("The record did not open.");
        }
    }

    private static void Refuse(SessionCipher cipher, byte[] record, byte[] plaintext)
    {
        if (cipher.TryOpen(record, default, plaintext, out _) != RecordResult.NotAuthentic)
        {
            throw new InvalidOperationException("The forgery was not recognised.");
        }
    }
}
