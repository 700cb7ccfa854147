using System.Net;
using System.Text;

namespace Sage.HttpSignatures.Tests.Unit.Handlers;

[TestFixture]
internal sealed class HttpSigningHandlerTests
{
    private readonly HandlerFixture agents = new();

    [OneTimeTearDown]
    public void Forget() => agents.Dispose();

    [Test]
    public async Task Every_request_is_signed_and_verifies()
    {
        List<SignatureVerificationResult> results = [];
        CapturingHandler network = new() { Inspect = async request => results.Add(await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))) };
        using HttpMessageInvoker client = agents.Client(network);

        using HttpRequestMessage get = new(HttpMethod.Get, "https://api.example.com/a%2Fb?x=1");
        using HttpRequestMessage post = Post();
        (await client.SendAsync(get, default)).Dispose();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(results.Select(result => result.Error), Is.EqualTo(new[] { SignatureError.None, SignatureError.None }));
        Assert.That(results[1].Signature!.Covers(SignatureComponent.Field("content-digest")), Is.True);
    }

    [Test]
    public async Task A_retry_is_signed_afresh_and_carries_one_signature()
    {
        List<SignatureVerificationResult> results = [];
        CapturingHandler network = new() { Inspect = async request => results.Add(await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))) };
        using RetryHandler retry = new(3, _ => agents.Time.Advance(TimeSpan.FromSeconds(7)));
        using HttpMessageInvoker client = agents.Client(network, outer: retry);

        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(results, Has.Count.EqualTo(3).And.All.Property("IsValid").True);
        Assert.That(results.Select(result => result.Signature!.Nonce).Distinct().Count(), Is.EqualTo(3));
        Assert.That(results[2].Signature!.Created - results[0].Signature!.Created, Is.EqualTo(TimeSpan.FromSeconds(14)));
        Assert.That(network.Sent, Has.All.Matches<SentRequest>(sent => sent.Fields["Signature"].Length == 1 && sent.Fields["Content-Digest"].Length == 1));
    }

    [Test]
    public async Task A_retry_to_another_authority_is_signed_for_it()
    {
        List<SignatureVerificationResult> results = [];
        CapturingHandler network = new() { Inspect = async request => results.Add(await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))) };
        using RetryHandler retry = new(2, request => request.RequestUri = new Uri("https://standby.example.com/orders"));
        using HttpMessageInvoker client = agents.Client(network, outer: retry);

        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent.Select(sent => new Uri(sent.Uri).Host), Is.EqualTo(new[] { "api.example.com", "standby.example.com" }));
        Assert.That(results, Has.Count.EqualTo(2).And.All.Property("IsValid").True);
    }

    [Test]
    public void A_body_over_the_limit_is_not_sent()
    {
        CapturingHandler network = new();
        using HttpMessageInvoker client = agents.Client(network, policy: SignaturePolicy.Default with { MaxBodySize = 10 });

        using HttpRequestMessage post = Post("12345678901");
        SignatureException? error = Assert.ThrowsAsync<SignatureException>(async () => await client.SendAsync(post, default));

        Assert.That(error!.Error, Is.EqualTo(SignatureError.BodyTooLarge));
        Assert.That(network.Sent, Is.Empty);
    }

    [Test]
    public void A_request_without_a_component_it_must_cover_is_not_sent()
    {
        CapturingHandler network = new();
        using HttpMessageInvoker client = agents.Client(network);

        using HttpRequestMessage post = Post();
        post.SetSigning(new SigningOverrides { AdditionalComponents = [SignatureComponent.Field("x-missing")] });
        SignatureException? error = Assert.ThrowsAsync<SignatureException>(async () => await client.SendAsync(post, default));

        Assert.That(error!.Error, Is.EqualTo(SignatureError.ComponentMissing));
        Assert.That(network.Sent, Is.Empty);
    }

    [Test]
    public async Task A_streamed_body_with_its_own_digest_is_not_buffered()
    {
        byte[] body = Encoding.UTF8.GetBytes("a long body");
        using MemoryStream stream = new(body);
        long position = -1;
        CapturingHandler network = new()
        {
            Inspect = _ =>
            {
                position = stream.Position;
                return ValueTask.CompletedTask;
            },
        };
        using HttpMessageInvoker client = agents.Client(network, policy: SignaturePolicy.Default with { MaxBodySize = 4 });

        using HttpRequestMessage post = new(HttpMethod.Post, "https://api.example.com/") { Content = new StreamContent(stream) };
        post.Content.Headers.Add(ContentDigest.FieldName, ContentDigest.Compute(body, DigestAlgorithm.Sha512));
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(position, Is.Zero);
        Assert.That(network.Sent.Single().SignatureInput, Does.Contain("\"content-digest\""));
        Assert.That(network.Sent.Single().Fields["Content-Digest"].Single(), Does.StartWith("sha-512="));
    }

    [Test]
    public async Task A_request_that_skips_signing_goes_out_unsigned_and_a_challenge_to_it_is_not_answered()
    {
        CapturingHandler network = new((_, _) => Challenge("sig1=(\"@method\" \"date\")"));
        using HttpMessageInvoker client = agents.Client(network);

        using HttpRequestMessage post = Post();
        post.SkipSigning();
        using HttpResponseMessage response = await client.SendAsync(post, default);

        Assert.That(network.Sent.Single().SignatureInput, Is.Null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_retry_that_skips_signing_loses_the_signature_of_the_first_attempt()
    {
        CapturingHandler network = new();
        using RetryHandler retry = new(2, request => request.SkipSigning());
        using HttpMessageInvoker client = agents.Client(network, outer: retry);

        using HttpRequestMessage post = Post();
        (await client.SendAsync(post, default)).Dispose();

        Assert.That(network.Sent[0].SignatureInput, Is.Not.Null);
        Assert.That(network.Sent[1].Fields.Keys, Does.Not.Contain("Signature").And.Not.Contain("Signature-Input").And.Not.Contain("Content-Digest"));
    }

    [Test]
    public async Task Overrides_change_one_request_only()
    {
        CapturingHandler network = new();
        using HttpMessageInvoker client = agents.Client(network);

        using HttpRequestMessage first = Post();
        first.Headers.Add("X-Task", "7");
        first.SetSigning(new SigningOverrides { AdditionalComponents = [SignatureComponent.Field("x-task")], Label = "mine", Tag = "app", Nonce = "n1" });
        using HttpRequestMessage second = Post();
        (await client.SendAsync(first, default)).Dispose();
        (await client.SendAsync(second, default)).Dispose();

        Assert.That(network.Sent[0].SignatureInput, Does.StartWith("mine=(").And.Contain("\"x-task\"").And.Contain(";tag=\"app\""));
        Assert.That(network.Sent[0].Parameter("nonce"), Is.EqualTo("n1"));
        Assert.That(network.Sent[1].SignatureInput, Does.StartWith("sig1=(").And.Not.Contain("x-task").And.Not.Contain(";tag="));
    }

    [Test]
    public void A_primary_handler_that_follows_redirects_is_refused_wherever_it_stands(
        [Values] bool sockets, [Values] bool behindAnother)
    {
        HttpMessageHandler primary = sockets ? new SocketsHttpHandler() : new HttpClientHandler();
        HttpMessageHandler inner = behindAnother ? new RetryHandler(1) { InnerHandler = primary } : primary;
        using HttpMessageInvoker client = agents.Client(inner);

        // Nobody listens on the discard port: an attempt to connect would be another exception.
        using HttpRequestMessage get = new(HttpMethod.Get, "http://127.0.0.1:9/");
        InvalidOperationException? error = Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SendAsync(get, default));

        Assert.That(error!.Message, Does.Contain("AllowAutoRedirect"));
    }

    [Test]
    public async Task A_redirect_goes_to_the_caller()
    {
        CapturingHandler network = new((_, _) => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://evil.example/") } });
        using HttpMessageInvoker client = agents.Client(network);

        using HttpRequestMessage post = Post();
        using HttpResponseMessage response = await client.SendAsync(post, default);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(network.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_synchronous_call_says_what_to_do()
    {
        using HttpMessageInvoker client = agents.Client(new CapturingHandler());
        using HttpRequestMessage get = new(HttpMethod.Get, "https://api.example.com/");
        Assert.That(() => client.Send(get, default), Throws.InvalidOperationException.With.Message.Contains("SendAsync"));
    }

    [Test]
    public async Task One_handler_signs_many_requests_at_once()
    {
        int valid = 0;
        CapturingHandler network = new()
        {
            Inspect = async request =>
            {
                await Task.Yield();
                if ((await agents.Verifier.VerifyAsync(SignatureContext.ForRequest(request))).IsValid)
                {
                    Interlocked.Increment(ref valid);
                }
            },
        };
        using HttpMessageInvoker client = agents.Client(new Serial(network));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using HttpRequestMessage post = Post($"{{\"i\":{i}}}");
            (await client.SendAsync(post, default)).Dispose();
        }));

        Assert.That(valid, Is.EqualTo(8));
    }

    private static HttpRequestMessage Post(string body = """{"hello":"world"}""") =>
        new(HttpMethod.Post, "https://api.example.com/orders?x=1") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Challenge(string accept) => new(HttpStatusCode.Unauthorized) { Headers = { { AcceptSignature.FieldName, accept } } };

    /// <summary>The list of the capturing handler is not made for several threads.</summary>
    private sealed class Serial(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly SemaphoreSlim gate = new(1, 1);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                gate.Release();
            }
        }
    }
}
