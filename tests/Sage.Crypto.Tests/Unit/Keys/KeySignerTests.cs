using System.Security.Cryptography;
using System.Text;

namespace Sage.Crypto.Tests.Unit.Keys;

[TestFixture]
public sealed class KeySignerTests
{
    private static readonly (SigningPurpose Purpose, byte[] Bytes)[] Samples =
    [
        (SigningPurpose.HandshakeInitiation, "{\"initDid\":\"a\",\"respDid\":\"b\",\"info\":\"c\",\"exportCtx\":\"d\",\"nonce\":\"e\",\"ts\":\"f\",\"enc\":\"g\",\"ephC\":\"h\"}"u8.ToArray()),
        (SigningPurpose.HandshakeResponse, "{\"ackTagB64\":\"a\",\"ctx\":\"b\",\"did\":\"c\",\"enc\":\"d\",\"ephC\":\"e\",\"ephS\":\"f\",\"exportCtxHash\":\"g\",\"infoHash\":\"h\",\"kid\":\"i\",\"task\":\"j\",\"ts\":\"k\",\"v\":\"v1\"}"u8.ToArray()),
        (SigningPurpose.SessionRecord, new byte[36]),
        (SigningPurpose.HttpMessage, "\"@method\": GET\n\"@signature-params\": (\"@method\");created=1"u8.ToArray()),
        (SigningPurpose.AgentCard, "{\"@context\":[],\"id\":\"did:x:y\",\"publicKey\":[],\"type\":[]}"u8.ToArray()),
        (SigningPurpose.ProofOfPossession, "SAGE-PoP:did:sage:ethereum:0x00:00ff"u8.ToArray()),
        (SigningPurpose.RegistryWrite, "SAGE-Registry:v1\n{}"u8.ToArray()),
        (SigningPurpose.Application, "free text"u8.ToArray()),
    ];

    private static IEnumerable<KeyAlgorithm> Algorithms => KeyAlgorithm.All.Where(a => a.CanSign);

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_signer_signs_for_the_right_purpose_and_refuses_every_other(KeyAlgorithm algorithm)
    {
        using PrivateKey key = TestKeys.New(algorithm);
        KeySigner signer = new(key);
        Assert.That(Samples, Has.Length.EqualTo(Enum.GetValues<SigningPurpose>().Length), "every purpose has a sample");
        foreach ((SigningPurpose purpose, byte[] bytes) in Samples)
        {
            foreach (SigningPurpose other in Enum.GetValues<SigningPurpose>().Where(p => p != purpose))
            {
                Assert.That(async () => await signer.SignAsync(other, bytes), Throws.ArgumentException, $"{purpose} as {other}");
            }

            if (purpose != SigningPurpose.ProofOfPossession)
            {
                byte[] signature = await signer.SignAsync(purpose, bytes);
                Assert.That(signer.PublicKey.Verify(bytes, signature), $"{purpose}");
            }
        }
    }

    [Test]
    public async Task Possession_is_proven_over_the_digest_of_the_challenge()
    {
        byte[] challenge = "SAGE-PoP:did:sage:ethereum:0x00:00ff"u8.ToArray();
        byte[] digest = SHA256.HashData(challenge);
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey ec = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey p256 = PrivateKey.Generate(KeyAlgorithm.P256);
        byte[] first = await new KeySigner(ed).SignAsync(SigningPurpose.ProofOfPossession, challenge);
        byte[] second = await new KeySigner(ec).SignAsync(SigningPurpose.ProofOfPossession, challenge);

        Assert.That(ed.PublicKey.Verify(digest, first) && ed.PublicKey.VerifyDigest(digest, first));
        Assert.That(ed.PublicKey.Verify(challenge, first), Is.False);
        Assert.That(ec.PublicKey.VerifyDigest(digest, second));
        Assert.That(ec.PublicKey.Verify(challenge, second), Is.False);
        Assert.That(
            async () => await new KeySigner(p256).SignAsync(SigningPurpose.ProofOfPossession, challenge),
            Throws.InvalidOperationException,
            "the profile has no proof for P-256");
    }

    [TestCase("{\"a\":1}", true)]
    [TestCase("[1,2]", true)]
    [TestCase("", true)]
    [TestCase("{", false)]
    [TestCase("{{ template }}", false)]
    [TestCase("{\"a\":1,\"a\":2}", false)]
    [TestCase(" {\"a\":1} ", true)]
    [TestCase("SAGE-", false)]
    [TestCase("SAGE-Registry:v1\n", false)]
    [TestCase("sage-", true)]
    [TestCase("exactly thirty-two bytes of text", false)]
    [TestCase("\"a\": b\n\"@signature-params\": ()", false)]
    [TestCase("\0\0\0\0 a record is thirty-six bytes or more", false)]
    [TestCase("\0\0\0\0 this is less", true)]
    public void Application_data_is_what_nobody_could_take_for_something_else(string text, bool accepted) =>
        Assert.That(SigningPurpose.Application.Accepts(Encoding.UTF8.GetBytes(text)), Is.EqualTo(accepted));

    [Test]
    public void An_undefined_purpose_accepts_nothing()
    {
        foreach ((_, byte[] bytes) in Samples)
        {
            Assert.That(((SigningPurpose)99).Accepts(bytes), Is.False);
            Assert.That(((SigningPurpose)(-1)).Accepts(bytes), Is.False);
        }
    }

    [Test]
    public void A_signer_needs_a_key_that_lives_and_a_token_that_does_too()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        KeySigner signer = new(key);
        Assert.That(
            async () => await signer.SignAsync(SigningPurpose.Application, "text"u8.ToArray(), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        key.Dispose();
        Assert.That(
            async () => await signer.SignAsync(SigningPurpose.Application, "text"u8.ToArray()),
            Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => new KeySigner(null!), Throws.ArgumentNullException);
    }
}
