using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Session;

namespace Sage.Benchmarks;

/// <summary>A whole handshake in one process, both sides, beside the sum of the primitive calls it cannot do without.</summary>
internal static class HandshakeGroups
{
    private const string Initiator = "did:sage:ethereum:0x1111111111111111111111111111111111111111";
    private const string Responder = "did:sage:ethereum:0x2222222222222222222222222222222222222222";

    public static Func<Group>[] All { get; } = [() => Handshake(0), () => Handshake(1_000_000)];

    private static Group Handshake(int remembered)
    {
        PrivateKey initiator = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        PrivateKey responder = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        PublicKey initiatorKey = initiator.PublicKey;
        PublicKey responderKey = responder.PublicKey;
        PublicKey agreementKey = agreement.PublicKey;
        KeySigner initiatorSigner = new(initiator);
        KeySigner responderSigner = new(responder);
        InMemoryNonceStore nonces = new(TimeProvider.System, 4_000_000);
        for (int i = 0; i < remembered; i++)
        {
            Require(Done(nonces.TryConsumeAsync($"peer {i % 100}", $"nonce {i}", TimeProvider.System.GetUtcNow().AddMinutes(10))) == NonceResult.Accepted);
        }

        Primitives primitives = new();
        return new Group(
            remembered == 0 ? "handshake, both sides" : $"handshake, both sides, {remembered:N0} nonces remembered",
            new Candidate("sum of its primitive calls", primitives.Run),
            new Candidate("and the hashes of the key schedule", primitives.RunWithHashes),
            new Candidate("HandshakeInitiator and HandshakeResponder", () => Run().Dispose()),
            new Candidate("the same in its envelopes", () => Run(envelopes: true).Dispose()))
        {
            Owner = new Owned(initiator, responder, agreement, primitives),
        };

        Owned Run(bool envelopes = false)
        {
            using HandshakeInitiator opening = new(Initiator, Responder, agreementKey, TimeProvider.System);
            byte[] payload = opening.CreatePayload();
            byte[] signature = Done(initiatorSigner.SignAsync(SigningPurpose.HandshakeInitiation, payload));
            WireMessage? message = null;
            ReadOnlyMemory<byte> received = payload;
            if (envelopes)
            {
                byte[] sent = WireMessage.Create("id", Initiator, payload, signature, opening.Context, "hpke/complete@v1", "user").ToJson();
                Require(WireMessage.TryParse(sent, out message));
                received = message!.Payload;
            }

            Require(InitiationPayload.TryParse(received, out InitiationPayload? parsed));
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            Require(HandshakeResponder.Check(parsed!, opening.Context, Initiator, Responder, now) == HandshakeError.None);
            Require(initiatorKey.Verify(received.Span, signature));
            Require(Done(nonces.TryConsumeAsync(Initiator, opening.Context + "|" + parsed!.Nonce, now.AddSeconds(300))) != NonceResult.Replayed);
            Require(HandshakeResponder.TryCreate(parsed, opening.Context, agreement, TimeProvider.System, out HandshakeResponder? answering));
            using HandshakeResponder answer = answering!;
            byte[] answerSignature = Done(responderSigner.SignAsync(SigningPurpose.HandshakeResponse, answer.SignedBytes));
            ReadOnlyMemory<byte> data = answer.Finish(answerSignature, out SessionCipher responderCipher);
            if (envelopes)
            {
                byte[] back = WireResponse.Succeeded(message!, data).ToJson();
                Require(WireResponse.TryParse(back, out WireResponse? response));
                data = response!.Data;
            }

            Require(opening.TryComplete(data, responderKey, out SessionCipher? initiatorCipher, out _, out _));
            return new Owned(responderCipher, initiatorCipher!);
        }
    }

    // Everything here answers at once; waiting would be measured too.
    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("What is measured did not complete at once.");

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }

    /// <summary>Two signatures, two verifications, HPKE on both sides, two key generations and two agreements.</summary>
    private sealed class Primitives : IDisposable
    {
        private readonly byte[] initiation = RandomNumberGenerator.GetBytes(760);
        private readonly byte[] response = RandomNumberGenerator.GetBytes(620);
        private readonly byte[] info = RandomNumberGenerator.GetBytes(230);
        private readonly byte[] exportContext = RandomNumberGenerator.GetBytes(125);
        private readonly byte[] publicKey = new byte[32];
        private readonly byte[] secret = new byte[64];
        private readonly byte[] signature = new byte[64];
        private readonly byte[] encapsulated = new byte[32];
        private readonly byte[] exported = new byte[32];
        private readonly byte[] oneSecret = new byte[32];
        private readonly byte[] onePublic = new byte[32];
        private readonly byte[] otherSecret = new byte[32];
        private readonly byte[] otherPublic = new byte[32];
        private readonly byte[] shared = new byte[32];
        private readonly byte[] hash = new byte[32];
        private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);

        public Primitives() => Geralt.Ed25519.GenerateKeyPair(publicKey, secret);

        public void Run()
        {
            Geralt.Ed25519.Sign(signature, initiation, secret);
            Require(Geralt.Ed25519.Verify(signature, initiation, publicKey));
            Geralt.Ed25519.Sign(signature, response, secret);
            Require(Geralt.Ed25519.Verify(signature, response, publicKey));
            using (HpkeSender sender = HpkeSender.Create(agreement.PublicKey, info, HpkeAead.ChaCha20Poly1305, encapsulated))
            {
                sender.Export(exportContext, exported);
            }

            using (HpkeRecipient? recipient = HpkeRecipient.TryCreate(agreement, encapsulated, info, HpkeAead.ChaCha20Poly1305))
            {
                recipient!.Export(exportContext, exported);
            }

            Geralt.X25519.GenerateKeyPair(onePublic, oneSecret);
            Geralt.X25519.GenerateKeyPair(otherPublic, otherSecret);
            Geralt.X25519.ComputeSharedSecret(shared, oneSecret, otherPublic);
            Geralt.X25519.ComputeSharedSecret(shared, otherSecret, onePublic);
        }

        /// <summary>Each side derives a seed, hashes the transcript, makes the tag and starts its records; both hash the context strings.</summary>
        public void RunWithHashes()
        {
            Run();
            for (int side = 0; side < 2; side++)
            {
                KeySchedule.Seed(exported, shared, exportContext, hash);
                KeySchedule.TranscriptHash(info, exportContext, encapsulated, onePublic, otherPublic, Initiator, Responder, hash);
                KeySchedule.AckTag(exported, "ctx-8f1c2d3e-1111-4222-8333-944455556666", "8f1c2d3e-1111-4222-8333-944455556666", "kid-8f1c2d3e-1111-4222-8333-944455556666", hash, shared);
                KeySchedule.RecordSecret(exported, hash);
                SHA256.HashData(info, hash);
                SHA256.HashData(exportContext, hash);
            }
        }

        public void Dispose() => agreement.Dispose();
    }
}
