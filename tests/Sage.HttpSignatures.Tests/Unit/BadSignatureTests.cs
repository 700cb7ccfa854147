using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Signatures that are not the key's over this message.</summary>
[TestFixture]
internal sealed class BadSignatureTests
{
    private static IEnumerable<KeyAlgorithm> Signing => KeyAlgorithm.All.Where(algorithm => algorithm.CanSign);

    [TestCaseSource(nameof(Signing))]
    public async Task Any_flipped_bit_is_found(KeyAlgorithm algorithm)
    {
        using Bench bench = new(algorithm);
        SignaturePolicy policy = Vectors.Relaxed.Policy;
        TestMessage message = await bench.SignAsync(TestMessage.Json(), policy);
        byte[] signature = Convert.FromBase64String(message.Value("Signature")["sig1=:".Length..^1]);

        // The last byte of es256k is the recovery id, which says nothing about validity.
        int bytes = algorithm == KeyAlgorithm.Secp256k1 ? 64 : signature.Length;
        for (int bit = 0; bit < bytes * 8; bit += algorithm == KeyAlgorithm.Ed25519 ? 1 : 7)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            message.Set("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
            Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.BadSignature), $"bit {bit}");
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        message.Set("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.None));
    }

    [TestCaseSource(nameof(Signing))]
    public async Task A_signature_of_another_length_is_bad(KeyAlgorithm algorithm)
    {
        using Bench bench = new(algorithm);
        SignaturePolicy policy = Vectors.Relaxed.Policy;
        TestMessage message = await bench.SignAsync(TestMessage.Json(), policy);
        byte[] signature = Convert.FromBase64String(message.Value("Signature")["sig1=:".Length..^1]);
        foreach (byte[] other in new[] { signature[..32], signature[..63], [.. signature, 0, 0], [] })
        {
            message.Set("Signature", $"sig1=:{Convert.ToBase64String(other)}:");
            Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.BadSignature), $"{other.Length} bytes");
        }
    }

    [Test]
    public async Task A_signature_of_another_key_is_bad()
    {
        using Bench bench = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        TestMessage message = bench.Forge(TestMessage.Get(), $"(\"@method\" \"@target-uri\" \"@authority\"){Bench.Good}", key: other);

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task A_signature_under_another_label_is_bad()
    {
        using Bench bench = new();
        TestMessage first = await bench.SignAsync(TestMessage.Get("/a"));
        TestMessage second = await bench.SignAsync(TestMessage.Get("/b"));
        first.Set("Signature", second.Value("Signature"));

        Assert.That(await bench.ErrorAsync(first), Is.EqualTo(SignatureError.BadSignature));
    }

    [TestCase("created=1800000000", "created=1800000001")]
    [TestCase("expires=1800000060", "expires=1800000061")]
    [TestCase("nonce=\"n-1\"", "nonce=\"n-2\"")]
    [TestCase(";expires", "; expires")]
    [TestCase("(\"@method\" ", "(\"@method\"  ")]
    [TestCase("\"@authority\")", "\"@authority\" )")]
    [TestCase("tag=\"t\"", "tag=\"u\"")]
    [TestCase(";x", ";y")]
    [TestCase("\"@method\" \"@target-uri\"", "\"@target-uri\" \"@method\"")]
    public async Task The_text_of_the_input_is_signed_as_received(string before, string after)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Get(), $"(\"@method\" \"@target-uri\" \"@authority\"){Bench.Good};tag=\"t\";x");
        string input = message.Value("Signature-Input");
        Assert.That(input, Does.Contain(before));
        message.Set("Signature-Input", input.Replace(before, after, StringComparison.Ordinal));

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.BadSignature));
    }
}
