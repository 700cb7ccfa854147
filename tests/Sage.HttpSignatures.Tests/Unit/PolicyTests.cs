namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Every rule of a policy, refused and kept.</summary>
[TestFixture]
internal sealed class PolicyTests
{
    private const string Usual = "\"@method\" \"@target-uri\" \"@authority\"";
    private const string Full = "\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\"";
    private const string Response = "\"@status\" \"@method\";req \"@target-uri\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-type\" \"content-digest\"";

    [TestCase(Full, SignatureError.None)]
    [TestCase("", SignatureError.ComponentNotCovered)]
    [TestCase("\"@target-uri\" \"@authority\" \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@method\" \"@authority\" \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@method\" \"@target-uri\" \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase(Usual + " \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase(Usual + " \"content-type\";bs \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase(Usual + " \"content-type\"", SignatureError.DigestNotCovered)]
    [TestCase(Usual + " \"content-type\" \"content-digest\";sf", SignatureError.DigestNotCovered)]
    [TestCase(Usual + " \"content-type\" \"content-digest\";key=\"sha-256\"", SignatureError.DigestNotCovered)]
    public async Task The_default_policy_requires_coverage_by_name_and_exact_parameters(string covered, SignatureError expected)
    {
        using Bench bench = new();

        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Json(), $"({covered}){Bench.Good}")), Is.EqualTo(expected));
    }

    [TestCase(Response, SignatureError.None)]
    [TestCase("\"@status\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@method\";req \"@target-uri\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@target-uri\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@target-uri\";req \"content-digest\";req \"signature\";req \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@target-uri\";req \"@authority\";req \"content-digest\";req \"content-type\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@target-uri\";req \"@authority\";req \"signature\";req \"content-type\" \"content-digest\"", SignatureError.DigestNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@target-uri\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase("\"@status\" \"@method\";req \"@target-uri\";req \"@authority\";req \"content-digest\";req \"signature\";req \"content-type\"", SignatureError.DigestNotCovered)]
    public async Task A_response_is_bound_to_its_request(string covered, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage answer = TestMessage.Answer(await bench.SignAsync(TestMessage.Json()));

        Assert.That(await bench.ErrorAsync(bench.Forge(answer, $"({covered}){Bench.Good}")), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_answer_to_another_request_is_refused()
    {
        using Bench bench = new();
        TestMessage answer = await bench.SignAsync(TestMessage.Answer(await bench.SignAsync(TestMessage.Json())));
        Assert.That(await bench.ErrorAsync(answer), Is.EqualTo(SignatureError.None));
        answer.Request = await bench.SignAsync(TestMessage.Json());

        Assert.That(await bench.ErrorAsync(answer), Is.EqualTo(SignatureError.BadSignature), "the other one has another nonce and so another signature");
    }

    [TestCase(";created=1800000005;expires=1800000065;nonce=\"n\";keyid=\"k\"", SignatureError.KeyNotFound, TestName = "created at the edge of the skew")]
    [TestCase(";created=1800000006;expires=1800000066;nonce=\"n\";keyid=\"k\"", SignatureError.CreatedInFuture, TestName = "created one second beyond the skew")]
    [TestCase(";created=1831536000;expires=1831536060;nonce=\"n\";keyid=\"k\"", SignatureError.CreatedInFuture, TestName = "created in a year")]
    [TestCase(";created=99999999999;expires=99999999999;nonce=\"n\";keyid=\"k\"", SignatureError.CreatedInFuture, TestName = "created in the last year there is")]
    [TestCase(";created=1799999700;expires=1800000060;nonce=\"n\";keyid=\"k\"", SignatureError.KeyNotFound, TestName = "created at the edge of the greatest age")]
    [TestCase(";created=1799999699;expires=1800000060;nonce=\"n\";keyid=\"k\"", SignatureError.TooOld, TestName = "created one second too long ago")]
    [TestCase(";created=0;expires=1800000060;nonce=\"n\";keyid=\"k\"", SignatureError.TooOld, TestName = "created in 1970")]
    [TestCase(";expires=1800000060;nonce=\"n\";keyid=\"k\"", SignatureError.CreatedMissing, TestName = "no created")]
    [TestCase(";created=1800000000;nonce=\"n\";keyid=\"k\"", SignatureError.ExpiresMissing, TestName = "no expires")]
    [TestCase(";created=1799999990;expires=1800000000;nonce=\"n\";keyid=\"k\"", SignatureError.KeyNotFound, TestName = "expires this second")]
    [TestCase(";created=1799999990;expires=1799999999;nonce=\"n\";keyid=\"k\"", SignatureError.Expired, TestName = "expired a second ago")]
    [TestCase(";created=1800000000;expires=1800000060;keyid=\"k\"", SignatureError.NonceMissing, TestName = "no nonce")]
    [TestCase(";created=1800000000;expires=1800000060;nonce=\"\";keyid=\"k\"", SignatureError.NonceMissing, TestName = "an empty nonce")]
    [TestCase(";created=1800000000;expires=1800000060;nonce=\"n\"", SignatureError.KeyIdMissing, TestName = "no keyid")]
    [TestCase(";created=1800000000;expires=1800000060;nonce=\"n\";keyid=\"\"", SignatureError.KeyIdMissing, TestName = "an empty keyid")]
    [TestCase(";created=1800000000;expires=99999999999;nonce=\"n\";keyid=\"k\"", SignatureError.KeyNotFound, TestName = "expires far away, with no limit")]
    public async Task Times_nonce_and_key_id_are_checked(string parameters, SignatureError expected) =>
        Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"({Usual}){parameters}"), Is.EqualTo(expected));

    [TestCase(3600, SignatureError.None)]
    [TestCase(3601, SignatureError.LifetimeTooLong)]
    public async Task A_lifetime_has_a_limit_where_the_policy_sets_one(int seconds, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Get(), $"({Usual});created={Bench.Now};expires={Bench.Now + seconds};nonce=\"n\";keyid=\"{Bench.KeyId}\"");

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { MaxLifetime = TimeSpan.FromHours(1) }), Is.EqualTo(expected));
    }

    [Test]
    public async Task What_is_not_required_may_be_missing_but_not_be_wrong()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequireCreated = false, RequireExpires = false, RequireNonce = false };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"({Usual});keyid=\"{Bench.KeyId}\""), policy), Is.EqualTo(SignatureError.None));
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"({Usual});created=1900000000;keyid=\"k\"", policy), Is.EqualTo(SignatureError.CreatedInFuture));
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"({Usual});expires=1700000000;keyid=\"k\"", policy), Is.EqualTo(SignatureError.Expired));
            Assert.That(await Bench.ClaimAsync(TestMessage.Get(), $"({Usual});nonce=\"\";keyid=\"k\"", policy), Is.EqualTo(SignatureError.NonceMissing));
        }
    }

    [TestCase("api.example.com", SignatureError.None)]
    [TestCase("API.Example.com", SignatureError.None)]
    [TestCase("api.example.com:443", SignatureError.None)]
    [TestCase("api.example.com:8443", SignatureError.WrongAudience)]
    [TestCase("example.com", SignatureError.WrongAudience)]
    [TestCase("", SignatureError.WrongAudience)]
    public async Task A_request_is_for_an_audience(string audience, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { Audiences = ["other.example", audience] }), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_audience_that_is_not_covered_is_none()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequestComponents = [], Audiences = ["api.example.com"] };

        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"(\"@method\"){Bench.Good}"), policy), Is.EqualTo(SignatureError.ComponentNotCovered));
        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"(\"@authority\"){Bench.Good}"), policy), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task The_target_URI_covers_the_authority_where_the_policy_says_so()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { RequestComponents = [SignatureComponent.Authority], TargetUriCoversAuthority = true };

        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"(\"@target-uri\"){Bench.Good}"), policy), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(bench.Forge(TestMessage.Get(), $"(\"@method\"){Bench.Good}"), policy), Is.EqualTo(SignatureError.ComponentNotCovered));
    }

    [TestCase("did:sage:local:alice", SignatureError.None)]
    [TestCase(" did:sage:local:alice\t", SignatureError.None)]
    [TestCase(null, SignatureError.None)]
    [TestCase("did:sage:local:mallory", SignatureError.WrongAgent)]
    [TestCase("did:sage:local:alice#key-1", SignatureError.WrongAgent)]
    [TestCase("DID:sage:local:alice", SignatureError.WrongAgent)]
    [TestCase("", SignatureError.WrongAgent)]
    public async Task The_SAGE_profile_compares_the_agent_with_the_key(string? did, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Get().Set("X-SAGE-DID", did), $"({Usual});keyid=\"{Bench.KeyId}\";created={Bench.Now};nonce=\"n\"");

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Sage), Is.EqualTo(expected));
    }

    [Test]
    public async Task Two_agents_in_one_message_are_refused()
    {
        using Bench bench = new();
        TestMessage message = TestMessage.Get().Add("X-SAGE-DID", Bench.Agent).Add("X-SAGE-DID", "did:sage:local:mallory");

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(message), SignaturePolicy.Sage), Is.EqualTo(SignatureError.WrongAgent));
    }

    [TestCase(300, SignatureError.None)]
    [TestCase(301, SignatureError.CreatedInFuture)]
    [TestCase(-300, SignatureError.None)]
    [TestCase(-301, SignatureError.TooOld)]
    public async Task The_SAGE_profile_allows_five_minutes_each_way(int offset, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Json(), $"({Full});keyid=\"{Bench.KeyId}\";created={Bench.Now + offset};nonce=\"n\"");

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Sage), Is.EqualTo(expected));
    }

    [TestCase("\"@target-uri\" \"@authority\" \"content-digest\"", SignatureError.ComponentNotCovered)]
    [TestCase(Usual, SignatureError.DigestNotCovered)]
    [TestCase(Usual + " \"content-digest\"", SignatureError.None)]
    public async Task The_SAGE_profile_requires_less_than_it_signs(string covered, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Json(), $"({covered});keyid=\"{Bench.KeyId}\";created={Bench.Now};nonce=\"n\"");

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Sage), Is.EqualTo(expected));
    }

    [Test]
    public async Task What_is_signed_under_a_policy_verifies_under_it_and_covers_what_it_says()
    {
        using Bench bench = new();
        foreach (SignaturePolicy policy in new[] { SignaturePolicy.Default, SignaturePolicy.Sage })
        {
            TestMessage message = await bench.SignAsync(TestMessage.Json().Add("Date", "Tue, 20 Apr 2021 02:07:55 GMT").Add("X-SAGE-DID", Bench.Agent), policy);
            SignatureVerificationResult result = await bench.VerifyAsync(message, policy);
            Assert.That(result.Error, Is.EqualTo(SignatureError.None), policy.Name);
            Assert.That(result.Signature!.Covers(SignatureComponent.Field("x-sage-did")), Is.EqualTo(policy == SignaturePolicy.Sage));
            Assert.That(result.Signature.Covers(SignatureComponent.Method), Is.True);
            Assert.That(result.Signature.Covers(SignatureComponent.Method.FromRequest()), Is.False);
            Assert.That(result.Signature.Expires.HasValue, Is.EqualTo(policy.Lifetime.HasValue));
            Assert.That(result.Signature.Created, Is.EqualTo(bench.Time.GetUtcNow()));
        }
    }

    [Test]
    public void A_policy_takes_no_senseless_value()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => SignaturePolicy.Default with { MaxAge = TimeSpan.FromSeconds(-1) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => SignaturePolicy.Default with { MaxClockSkew = TimeSpan.FromSeconds(-1) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => SignaturePolicy.Default with { MaxBodySize = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => SignaturePolicy.Default with { MaxBodySize = SignaturePolicy.GreatestBodySize + 1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void A_policy_that_requires_nonces_needs_a_store()
    {
        using Bench bench = new();
        HttpMessageVerifier verifier = new(bench.Keys, timeProvider: bench.Time);

        Assert.That(async () => await verifier.VerifyAsync(TestMessage.Get().ToContext()), Throws.InvalidOperationException);
    }

    [Test]
    public async Task The_greatest_times_a_policy_can_have_do_not_overflow()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default with { MaxAge = TimeSpan.MaxValue, MaxClockSkew = TimeSpan.MaxValue, MaxLifetime = TimeSpan.MaxValue };
        TestMessage message = bench.Forge(TestMessage.Get(), $"({Usual});created=0;expires=99999999999;nonce=\"n\";keyid=\"{Bench.KeyId}\"");

        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.None));
        Assert.That(await bench.ErrorAsync(message, policy), Is.EqualTo(SignatureError.Replayed));
    }
}
