using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Which of several signatures counts.</summary>
[TestFixture]
internal sealed class SelectionTests
{
    private const string Usual = "(\"@method\" \"@target-uri\" \"@authority\")";

    [TestCase(SignatureMatch.Any, true, true, "a")]
    [TestCase(SignatureMatch.Any, true, false, "a")]
    [TestCase(SignatureMatch.Any, false, true, "b")]
    [TestCase(SignatureMatch.Any, false, false, null)]
    [TestCase(SignatureMatch.All, true, true, "a,b")]
    [TestCase(SignatureMatch.All, true, false, null)]
    [TestCase(SignatureMatch.All, false, true, null)]
    [TestCase(SignatureMatch.First, true, false, "a")]
    [TestCase(SignatureMatch.First, false, true, null)]
    public async Task Two_signatures_count_as_the_policy_says(SignatureMatch match, bool firstIsGood, bool secondIsGood, string? expected)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        Sign(bench, message, "a", "1", firstIsGood);
        Sign(bench, message, "b", "2", secondIsGood);

        SignatureVerificationResult result = await bench.VerifyAsync(message, SignaturePolicy.Default with { Match = match });

        Assert.That(result.Error, Is.EqualTo(expected is null ? SignatureError.BadSignature : SignatureError.None));
        Assert.That(string.Join(',', result.Signatures.Select(signature => signature.Label)), Is.EqualTo(expected ?? ""));
    }

    [Test]
    public async Task The_first_label_is_the_lexicographically_first_wherever_it_stands()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        Sign(bench, message, "sig2", "1", false);
        Sign(bench, message, "sig10", "2", true);

        Assert.That((await bench.VerifyAsync(message, SignaturePolicy.Default with { Match = SignatureMatch.First })).Signature?.Label, Is.EqualTo("sig10"));
    }

    [Test]
    public async Task A_label_is_chosen_by_name([Values] SignatureMatch match, [Values("a", "b", "c", "A")] string label)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        Sign(bench, message, "a", "1", true);
        Sign(bench, message, "b", "2", true);

        SignatureVerificationResult result = await bench.VerifyAsync(message, SignaturePolicy.Default with { Label = label, Match = match });

        Assert.That(result.Signature?.Label, Is.EqualTo(label is "a" or "b" ? label : null));
        Assert.That(result.Error, Is.EqualTo(label is "a" or "b" ? SignatureError.None : SignatureError.SignatureNotFound));
    }

    [TestCase(SignatureMatch.Any)]
    [TestCase(SignatureMatch.All)]
    [TestCase(SignatureMatch.First)]
    public async Task Only_signatures_with_the_tag_are_looked_at(SignatureMatch match)
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        Sign(bench, message, "a", "1", false, ";tag=\"other\"");
        Sign(bench, message, "b", "2", true, ";tag=\"mine\"");
        Sign(bench, message, "c", "3", false);

        SignatureVerificationResult result = await bench.VerifyAsync(message, SignaturePolicy.Default with { Tag = "mine", Match = match });

        Assert.That((result.Error, result.Signature?.Label, result.Signatures.Count), Is.EqualTo((SignatureError.None, "b", 1)));
        Assert.That((await bench.VerifyAsync(message, SignaturePolicy.Default with { Tag = "none", Match = match })).Error, Is.EqualTo(SignatureError.SignatureNotFound));
    }

    [TestCase(SignatureMatch.Any)]
    [TestCase(SignatureMatch.All)]
    [TestCase(SignatureMatch.First)]
    public async Task Only_signatures_with_the_key_are_looked_at(SignatureMatch match)
    {
        using Bench bench = new();
        bench.Keys.Add("did:sage:local:bob", "did:sage:local:bob", bench.Key.PublicKey);
        TestMessage message = TestMessage.Get();
        bench.Forge(message, $"{Usual};created={Bench.Now};expires={Bench.Now + 60};nonce=\"1\";keyid=\"{Bench.KeyId}\"", "a");
        bench.Forge(message, $"{Usual};created={Bench.Now};expires={Bench.Now + 60};nonce=\"2\";keyid=\"did:sage:local:bob\"", "b");

        SignatureVerificationResult result = await bench.VerifyAsync(message, SignaturePolicy.Default with { KeyId = "did:sage:local:bob", Match = match });

        Assert.That((result.Error, result.Signature?.Label, result.Signatures.Count), Is.EqualTo((SignatureError.None, "b", 1)));
        Assert.That((await bench.VerifyAsync(message, SignaturePolicy.Default with { KeyId = "did:sage:local:eve", Match = match })).Error, Is.EqualTo(SignatureError.SignatureNotFound));
    }

    [Test]
    public async Task The_error_told_is_that_of_the_first_signature()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get();
        bench.Forge(message, $"{Usual};created={Bench.Now};expires={Bench.Now + 60};nonce=\"1\";keyid=\"unknown\"", "a");
        Sign(bench, message, "b", "2", false);

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.KeyNotFound));
    }

    [Test]
    public async Task Two_keys_may_sign_one_message_and_both_are_told()
    {
        using Bench bench = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.P256);
        bench.Keys.Add("did:sage:local:gateway", "did:sage:local:gateway", other.PublicKey);
        TestMessage message = await bench.SignAsync(TestMessage.Json());
        message.Signed(await bench.Signer(key: other, keyId: "did:sage:local:gateway").SignAsync(message.ToContext(), new SigningOverrides { Label = "gateway" }));

        SignatureVerificationResult result = await bench.VerifyAsync(message, SignaturePolicy.Default with { Match = SignatureMatch.All });

        Assert.That(result.Signatures.Select(signature => signature.Subject), Is.EqualTo(new[] { Bench.Agent, "did:sage:local:gateway" }));
        Assert.That(result.Signatures.Select(signature => signature.Algorithm), Is.EqualTo(new[] { "ed25519", "ecdsa-p256-sha256" }));
    }

    private static void Sign(Bench bench, TestMessage message, string label, string nonce, bool good, string more = "")
    {
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        bench.Forge(message, $"{Usual};created={Bench.Now};expires={Bench.Now + 60};nonce=\"{nonce}\";keyid=\"{Bench.KeyId}\"{more}", label, good ? null : other);
    }
}
