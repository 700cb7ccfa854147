using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>A nonce counts once, and only for a message that is right in everything else.</summary>
[TestFixture]
internal sealed class ReplayTests
{
    [Test]
    public async Task A_message_counts_once()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Json());

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.Replayed));
    }

    [Test]
    public async Task What_is_wrong_burns_no_nonce()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Json());
        string signature = message.Value("Signature");
        await bench.ErrorAsync(message.Set("Signature", "sig1=:AAAA:"));
        message.Set("Signature", signature).Body[0] ^= 1;
        await bench.ErrorAsync(message);
        message.Body[0] ^= 1;
        bench.Keys.Failure = new IOException();
        await bench.ErrorAsync(message);
        bench.Keys.Failure = null;

        Assert.That(((InMemoryNonceStore)bench.Nonces).Count, Is.Zero);
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_nonce_counts_once_for_all_names_of_a_key()
    {
        using Bench bench = new();
        bench.Keys.Add(Bench.Agent, Bench.Agent, bench.Key.PublicKey);
        string input = $"(\"@method\" \"@target-uri\" \"@authority\");created={Bench.Now};expires={Bench.Now + 60};nonce=\"n\";keyid=";

        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"{input}\"{Bench.KeyId}\"")), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"{input}\"{Bench.Agent}\"")), Is.EqualTo(SignatureError.Replayed));
    }

    [Test]
    public async Task A_nonce_of_another_signer_is_another_one()
    {
        using Bench bench = new();
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        bench.Keys.Add("did:sage:local:bob", "did:sage:local:bob", other.PublicKey);
        string input = $"(\"@method\" \"@target-uri\" \"@authority\");created={Bench.Now};expires={Bench.Now + 60};nonce=\"n\";keyid=";

        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"{input}\"{Bench.KeyId}\"")), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"{input}\"did:sage:local:bob\"", key: other)), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task Verifiers_of_one_name_share_nonces_and_those_of_another_do_not()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());
        HttpMessageVerifier Verifier(string name) =>
            new(bench.Keys, bench.Nonces, new HttpMessageVerifierOptions { Name = name }, bench.Time);

        Assert.That((await Verifier("a").VerifyAsync(message.ToContext())).Error, Is.EqualTo(SignatureError.None));
        Assert.That((await Verifier("a").VerifyAsync(message.ToContext())).Error, Is.EqualTo(SignatureError.Replayed));
        Assert.That((await Verifier("b").VerifyAsync(message.ToContext())).Error, Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_full_store_refuses()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(Bench.Now));
        using Bench bench = new(nonces: new InMemoryNonceStore(time, capacity: 10));

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(SignatureError.NonceStoreFull), "a tenth per signer");
    }

    [Test]
    public async Task A_store_that_fails_lets_nothing_through()
    {
        using Bench bench = new(nonces: new Store(_ => throw new IOException()));

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(SignatureError.NonceStoreUnavailable));
    }

    [TestCase(true, Bench.Now + 60 + 5)]
    [TestCase(false, Bench.Now + 300 + 5)]
    public async Task A_nonce_is_kept_until_the_message_itself_is_too_old(bool expires, long until)
    {
        DateTimeOffset? kept = null;
        using Bench bench = new(nonces: new Store(time => kept = time));
        SignaturePolicy policy = SignaturePolicy.Default with { RequireExpires = false, Lifetime = expires ? TimeSpan.FromSeconds(60) : null };

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get(), policy), policy), Is.EqualTo(SignatureError.None));
        Assert.That(kept, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(until)));
    }

    [Test]
    public async Task A_message_of_any_age_is_kept_for_a_day_at_least()
    {
        DateTimeOffset? kept = null;
        using Bench bench = new(nonces: new Store(time => kept = time));
        SignaturePolicy policy = SignaturePolicy.Sage with { MaxAge = TimeSpan.Zero };

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get(), policy), policy), Is.EqualTo(SignatureError.None));
        Assert.That(kept, Is.GreaterThanOrEqualTo(bench.Time.GetUtcNow().AddDays(1)));
    }

    [Test]
    public async Task A_nonce_that_is_not_required_is_used_up_nevertheless()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequireNonce = false };
        TestMessage message = await bench.SignAsync(TestMessage.Get(), policy);

        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.Replayed));
    }

    [Test]
    public async Task A_response_may_be_looked_at_twice()
    {
        using Bench bench = new();
        TestMessage answer = await bench.SignAsync(TestMessage.Answer(await bench.SignAsync(TestMessage.Json())), overrides: new SigningOverrides { Nonce = "n" });

        Assert.That(await bench.ErrorAsync(answer), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(answer), Is.EqualTo(SignatureError.None));
    }

    private sealed class Store(Action<DateTimeOffset> seen) : INonceStore
    {
        public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
        {
            seen(until);
            return ValueTask.FromResult(NonceResult.Accepted);
        }
    }
}
