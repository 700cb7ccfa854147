using System.Net;
using System.Text;
using Sage.HttpSignatures.Internal;

namespace Sage.HttpSignatures.Tests.Unit.Handlers;

/// <summary>A response with <c>Accept-Signature</c> is answered once, and only with what is ours to give.</summary>
[TestFixture]
internal sealed class ChallengeTests
{
    private readonly HandlerFixture agents = new();

    [OneTimeTearDown]
    public void Forget() => agents.Dispose();

    [Test]
    public async Task A_challenge_is_answered_with_what_is_asked_for_besides_what_the_policy_covers(
        [Values(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden)] HttpStatusCode status)
    {
        List<SignatureVerificationResult> results = [];
        CapturingHandler network = new((_, count) => count == 1 ? Challenge($"want=(\"x-task\");created;nonce=\"{status}\";tag=\"app\"", status) : new HttpResponseMessage())
        {
            Inspect = async request => results.Add(await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))),
        };
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        using HttpResponseMessage response = await client.SendAsync(post, default);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(results, Has.Count.EqualTo(2).And.All.Property("IsValid").True);
        VerifiedSignature second = results[1].Signature!;
        Assert.That(results[0].Signature!.Components, Is.SubsetOf(second.Components));
        Assert.That(second.Covers(SignatureComponent.Field("x-task")), Is.True);
        Assert.That((second.Label, second.Nonce, second.Tag), Is.EqualTo(("want", status.ToString(), "app")));
        Assert.That(network.Sent[1].Fields["Signature"], Has.Length.EqualTo(1));
        Assert.That(network.Sent[1].Body, Is.EqualTo(network.Sent[0].Body));
    }

    [Test]
    public async Task A_challenge_is_never_answered_twice()
    {
        CapturingHandler network = new((_, count) => Challenge($"sig1=(\"@method\");nonce=\"n{count}\""));
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        using HttpResponseMessage response = await client.SendAsync(post, default);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(network.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_challenge_for_less_than_the_policy_covers_changes_nothing_that_is_covered()
    {
        CapturingHandler network = new((_, count) => count == 1 ? Challenge("sig1=();nonce=\"n\"") : new HttpResponseMessage());
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(Covered(network.Sent[1]), Is.EqualTo(Covered(network.Sent[0])));
        Assert.That(network.Sent[1].Parameter("nonce"), Is.EqualTo("n"));
    }

    [TestCase("sig1=(\"@method\" \"@authority\");created;expires", TestName = "A challenge for what was given is not answered")]
    [TestCase("sig1=(\"@method\" \"date\")", TestName = "A challenge for a field that is not there is not answered")]
    [TestCase("sig1=(\"@status\")", TestName = "A challenge for what no request has is not answered")]
    [TestCase("sig1=(\"@method\";req)", TestName = "A challenge for another request's component is not answered")]
    [TestCase("sig1=(\"signature\")", TestName = "A challenge to cover the signature that is taken away is not answered")]
    [TestCase("sig1=(\"x-task\");alg=\"rsa-pss-sha512\"", TestName = "A challenge for another algorithm is not answered")]
    [TestCase("sig1=(\"x-task\");keyid=\"did:example:mallory\"", TestName = "A challenge for another key is not answered")]
    [TestCase("sig1=(\"x-task\");nonce=\"\"", TestName = "A challenge with an empty nonce is not answered")]
    [TestCase("sig1=(\"x-task\"", TestName = "A malformed challenge is not answered")]
    [TestCase("sig1=(\"x-task\" \"x-task\")", TestName = "A challenge for one component twice is not answered")]
    public async Task A_challenge_that_cannot_or_need_not_be_met_goes_to_the_caller(string accept)
    {
        string? afterwards = null;
        CapturingHandler network = new((_, _) => Challenge(accept));
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        using HttpResponseMessage response = await client.SendAsync(post, default);
        afterwards = post.Headers.GetValues("Signature-Input").Single();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(network.Sent, Has.Count.EqualTo(1));
        Assert.That(afterwards, Is.EqualTo(network.Sent[0].SignatureInput), "the request is as it was sent");
        Assert.That(post.Content!.Headers.GetValues("Content-Digest"), Is.EqualTo(network.Sent[0].Fields["Content-Digest"]));
    }

    [TestCase("other=(\"x-task\")")]
    [TestCase("mine=(\"x-task\");tag=\"other\"")]
    public async Task A_label_or_tag_that_the_policy_fixes_is_not_given_up(string accept)
    {
        CapturingHandler network = new((_, _) => Challenge(accept));
        using HttpMessageInvoker client = agents.Client(network, policy: SignaturePolicy.Default with { Label = "mine", Tag = "app" });
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [TestCase(HttpStatusCode.OK)]
    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    public async Task Another_status_is_no_challenge(HttpStatusCode status)
    {
        CapturingHandler network = new((_, _) => Challenge("sig1=(\"x-task\")", status));
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_answers_no_challenges_leaves_them_to_the_caller()
    {
        CapturingHandler network = new((_, _) => Challenge("sig1=(\"x-task\")"));
        using HttpMessageInvoker client = agents.Client(network, new HttpSigningHandlerOptions { AnswerChallenges = false });
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_challenge_from_where_something_inside_went_instead_is_not_answered()
    {
        CapturingHandler network = new((request, _) =>
        {
            request.RequestUri = new Uri("https://evil.example/");
            return Challenge("sig1=(\"x-task\")");
        });
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_challenge_to_another_message_is_not_answered()
    {
        CapturingHandler network = new((_, _) =>
        {
            HttpResponseMessage response = Challenge("sig1=(\"x-task\")");
            response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://evil.example/");
            return response;
        });
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_streamed_body_is_not_sent_twice()
    {
        CapturingHandler network = new((_, _) => Challenge("sig1=(\"x-task\")"));
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        post.Content = new StreamContent(new MemoryStream([1, 2, 3]));
        post.Content.Headers.Add(ContentDigest.FieldName, ContentDigest.Compute([1, 2, 3]));
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_body_that_was_buffered_to_be_digested_is_sent_again_with_the_digest_that_is_liked()
    {
        List<SignatureVerificationResult> results = [];
        CapturingHandler network = new((_, count) =>
        {
            HttpResponseMessage response = Challenge("sig1=(\"@method\")");
            response.Headers.Add(WantContentDigest.FieldName, "sha-512=9, sha-256=1");
            return count == 1 ? response : new HttpResponseMessage();
        })
        {
            Inspect = async request => results.Add(await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))),
        };
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        post.Content = new StreamContent(new MemoryStream([1, 2, 3]));
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent.Select(sent => sent.Fields["Content-Digest"].Single()[..7]), Is.EqualTo(new[] { "sha-256", "sha-512" }));
        Assert.That(network.Sent[1].Body, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(results, Has.Count.EqualTo(2).And.All.Property("IsValid").True);
    }

    [Test]
    public async Task A_time_of_expiry_is_given_when_asked_for()
    {
        CapturingHandler network = new((_, count) => count == 1 ? Challenge("sig1=(\"@method\");expires") : new HttpResponseMessage());
        using HttpMessageInvoker client = agents.Client(network, policy: SignaturePolicy.Default with { Lifetime = null });
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent[0].SignatureInput, Does.Not.Contain(";expires="));
        Assert.That(network.Sent[1].SignatureInput, Does.Contain(";expires="));
    }

    [Test]
    public async Task Of_several_signatures_asked_for_the_first_that_is_ours_is_given()
    {
        CapturingHandler network = new((_, count) =>
            count == 1 ? Challenge("a=(\"@method\");alg=\"rsa-pss-sha512\", b=(\"x-task\");alg=\"ed25519\", c=(\"date\")") : new HttpResponseMessage());
        using HttpMessageInvoker client = agents.Client(network);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent[1].SignatureInput, Does.StartWith("b=("));
    }

    [Test]
    public async Task When_asked_only_the_first_request_goes_out_unsigned_and_each_origin_has_to_ask()
    {
        CapturingHandler network = new((request, _) =>
            request.Headers.Contains("Signature") ? new HttpResponseMessage() : Challenge(AcceptSignature.FromPolicy(SignaturePolicy.Default).ToString()));
        using HttpMessageInvoker client = agents.Client(network, new HttpSigningHandlerOptions { Mode = HttpSigningMode.WhenAsked });
        foreach (string host in (string[])["one", "one", "two"])
        {
            using HttpRequestMessage post = Post(host);
            using HttpResponseMessage response = await client.SendAsync(post, default);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(
            network.Sent.Select(sent => (new Uri(sent.Uri).Host, Signed: sent.SignatureInput is not null)),
            Is.EqualTo(new[] { ("one.example", false), ("one.example", true), ("one.example", true), ("two.example", false), ("two.example", true) }));
    }

    [Test]
    public async Task When_asked_a_client_that_answers_no_challenges_signs_what_the_caller_sends_next()
    {
        CapturingHandler network = new((request, _) => request.Headers.Contains("Signature") ? new HttpResponseMessage() : Challenge("sig1=(\"@method\")"));
        using RetryHandler retry = new(2);
        using HttpMessageInvoker client = agents.Client(
            network, new HttpSigningHandlerOptions { Mode = HttpSigningMode.WhenAsked, AnswerChallenges = false }, outer: retry);
        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent.Select(sent => sent.SignatureInput is not null), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task When_asked_a_stream_that_cannot_be_sent_twice_is_signed_the_next_time()
    {
        CapturingHandler network = new((request, _) => request.Headers.Contains("Signature") ? new HttpResponseMessage() : Challenge("sig1=(\"@method\")"));
        using HttpMessageInvoker client = agents.Client(network, new HttpSigningHandlerOptions { Mode = HttpSigningMode.WhenAsked });
        HttpStatusCode[] answers = new HttpStatusCode[2];
        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage post = Post();
            post.Content = new StreamContent(new OneWay([1, 2, 3]));
            using HttpResponseMessage response = await client.SendAsync(post, default);
            answers[i] = response.StatusCode;
        }

        Assert.That(answers, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.OK }));
        Assert.That(network.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task When_asked_a_retry_to_an_origin_that_did_not_ask_carries_no_signature()
    {
        CapturingHandler network = new((request, _) =>
            request.RequestUri!.Host == "two.example" || request.Headers.Contains("Signature") ? new HttpResponseMessage() : Challenge("sig1=(\"@method\")"));
        using RetryHandler retry = new(2, request => request.RequestUri = new Uri("https://two.example/"));
        using HttpMessageInvoker client = agents.Client(network, new HttpSigningHandlerOptions { Mode = HttpSigningMode.WhenAsked }, outer: retry);
        using HttpRequestMessage post = Post("one");
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent.Select(sent => sent.SignatureInput is not null), Is.EqualTo(new[] { false, true, false }));
        Assert.That(network.Sent[2].Fields.Keys, Does.Not.Contain("Signature").And.Not.Contain("Content-Digest"));
    }

    [Test]
    public void Origins_are_remembered_up_to_the_limit_and_no_further()
    {
        OriginMemory memory = new(capacity: 2);
        memory.Add("https://a");
        memory.Add("https://b");
        memory.Add("https://c");

        Assert.That(new[] { memory.Contains("https://a"), memory.Contains("https://b"), memory.Contains("https://c") }, Is.EqualTo(new[] { true, true, false }));
    }

    private static string Covered(SentRequest sent) => sent.SignatureInput![..sent.SignatureInput!.IndexOf(')', StringComparison.Ordinal)];

    private static HttpRequestMessage Post(string host = "api") => new(HttpMethod.Post, $"https://{host}.example/orders?x=1")
    {
        Content = new StringContent("""{"hello":"world"}""", Encoding.UTF8, "application/json"),
        Headers = { { "X-Task", "7" } },
    };

    private static HttpResponseMessage Challenge(string accept, HttpStatusCode status = HttpStatusCode.Unauthorized) =>
        new(status) { Headers = { { AcceptSignature.FieldName, accept } } };

    /// <summary>A stream of unknown length that is read once.</summary>
    private sealed class OneWay(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
