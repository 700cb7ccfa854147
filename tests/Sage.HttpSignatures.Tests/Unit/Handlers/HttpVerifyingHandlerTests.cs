using System.Net;
using System.Text;

namespace Sage.HttpSignatures.Tests.Unit.Handlers;

[TestFixture]
internal sealed class HttpVerifyingHandlerTests
{
    private readonly HandlerFixture agents = new();

    [OneTimeTearDown]
    public void Forget() => agents.Dispose();

    [Test]
    public async Task A_signed_response_passes_and_says_who_answered()
    {
        using HttpMessageInvoker client = Client((request, _) => agents.Answer(request), new HttpVerifyingHandlerOptions { ExpectedSubject = HandlerFixture.Bob });
        using HttpRequestMessage request = Post();
        using HttpResponseMessage response = await client.SendAsync(request, default);

        VerifiedSignature? signature = response.GetVerifiedSignature();
        Assert.That(signature!.Subject, Is.EqualTo(HandlerFixture.Bob));
        Assert.That(signature.Covers(SignatureComponent.Field("signature").FromRequest()), Is.True, "bound to the signature of the request");
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_response_to_the_last_of_several_attempts_is_compared_with_that_one()
    {
        CapturingHandler network = new((request, count) => count == 1 ? Challenge() : agents.Answer(request));
        using HttpMessageInvoker client = Client(network);
        using HttpRequestMessage request = Post();
        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.That(network.Sent, Has.Count.EqualTo(2));
        Assert.That(response.GetVerifiedSignature()!.Subject, Is.EqualTo(HandlerFixture.Bob));
    }

    [Test]
    public void An_unsigned_response_is_refused_disposed_and_its_status_known()
    {
        TrackedContent content = new();
        using HttpMessageInvoker client = Client((_, _) => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = content });
        using HttpRequestMessage request = Post();
        SignatureException? error = Assert.ThrowsAsync<SignatureException>(async () => await client.SendAsync(request, default));

        Assert.That(error!.Error, Is.EqualTo(SignatureError.NotSigned));
        Assert.That(error.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(content.IsDisposed, Is.True);
    }

    [Test]
    public void A_response_that_was_changed_on_the_way_is_refused()
    {
        Refuses(SignatureError.DigestMismatch, Changed(response =>
        {
            HttpContent content = new StringContent("hallo");
            content.Headers.Add(ContentDigest.FieldName, response.Content.Headers.GetValues(ContentDigest.FieldName));
            response.Content = content;
        }));
        Refuses(SignatureError.BadSignature, Changed(response => response.StatusCode = HttpStatusCode.Accepted));
        Refuses(SignatureError.BadSignature, Changed(response => response.Content.Headers.ContentType = new("text/html")));
    }

    [Test]
    public async Task A_response_to_another_request_is_refused()
    {
        HttpResponseMessage? first = null;
        using HttpMessageInvoker client = Client((request, count) =>
        {
            if (count == 1)
            {
                return first = agents.Answer(request);
            }

            HttpResponseMessage replayed = new() { Content = new StringContent("hello") };
            replayed.Content.Headers.Add(ContentDigest.FieldName, ContentDigest.Compute("hello"u8));
            replayed.Headers.Add("Signature", first!.Headers.GetValues("Signature"));
            replayed.Headers.Add("Signature-Input", first.Headers.GetValues("Signature-Input"));
            return replayed;
        });
        using HttpRequestMessage one = Post();
        (await client.SendAsync(one, default)).Dispose();
        using HttpRequestMessage two = Post();
        SignatureException? error = Assert.ThrowsAsync<SignatureException>(async () => await client.SendAsync(two, default));

        Assert.That(error!.Error, Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public void A_response_signed_by_someone_else_is_refused()
    {
        SignatureException error = Refuses(
            SignatureError.WrongSigner, (request, _) => agents.Answer(request), new HttpVerifyingHandlerOptions { ExpectedSubject = "did:example:carol" });
        Assert.That(error.Message, Does.Contain("did:example:carol").And.Contain(HandlerFixture.Bob));
    }

    [Test]
    public void A_response_to_a_request_that_was_redirected_is_refused_although_it_is_signed() =>
        Refuses(SignatureError.RequestChanged, (request, _) =>
        {
            request.RequestUri = new Uri("https://api.example.com/elsewhere");
            return agents.Answer(request);
        });

    [Test]
    public void A_response_to_another_message_is_refused_although_it_is_signed() =>
        Refuses(SignatureError.RequestChanged, (_, _) => agents.Answer(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/orders?x=1")));

    [Test]
    public void A_body_over_the_limit_is_refused() =>
        Refuses(
            SignatureError.BodyTooLarge,
            (request, _) => agents.Answer(request, "more than ten"),
            new HttpVerifyingHandlerOptions { Policy = SignaturePolicy.Default with { MaxBodySize = 10 } });

    [Test]
    public async Task Where_signatures_are_not_required_an_unsigned_response_passes_and_names_nobody()
    {
        CapturingHandler network = new((request, count) => count == 1 ? agents.Answer(request) : new HttpResponseMessage());
        using RetryHandler retry = new(2);
        using HttpMessageInvoker client = Client(network, new HttpVerifyingHandlerOptions { RequireSigned = false }, retry);
        using HttpRequestMessage request = Post();
        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.That(network.Sent, Has.Count.EqualTo(2));
        Assert.That(response.GetVerifiedSignature(), Is.Null, "what the first attempt found does not count for the second");
    }

    [Test]
    public void Where_signatures_are_not_required_a_bad_one_is_refused_all_the_same() =>
        Refuses(
            SignatureError.BadSignature,
            Changed(response => response.StatusCode = HttpStatusCode.Accepted),
            new HttpVerifyingHandlerOptions { RequireSigned = false });

    [Test]
    public async Task A_signature_that_a_caller_invents_is_forgotten()
    {
        using HttpMessageInvoker signed = Client((request, _) => agents.Answer(request));
        using HttpRequestMessage first = Post();
        using HttpResponseMessage answer = await signed.SendAsync(first, default);

        using HttpMessageInvoker client = Client((_, _) => new HttpResponseMessage(), new HttpVerifyingHandlerOptions { RequireSigned = false });
        using HttpRequestMessage request = Post();
        request.Options.Set(HttpVerifyingHandler.Signature, answer.GetVerifiedSignature()!);
        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.That(response.GetVerifiedSignature(), Is.Null);
    }

    [Test]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.That(
            () => new HttpVerifyingHandler(agents.Verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = HandlerFixture.Bob, RequireSigned = false }),
            Throws.ArgumentException.With.Message.Contains("RequireSigned"));
        Assert.That(
            () => new HttpVerifyingHandler(agents.Verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = "" }),
            Throws.ArgumentException.With.Message.Contains("ExpectedSubject"));
    }

    [Test]
    public void A_synchronous_call_says_what_to_do()
    {
        using HttpMessageInvoker client = Client((_, _) => new HttpResponseMessage());
        using HttpRequestMessage request = Post();
        Assert.That(() => client.Send(request, default), Throws.InvalidOperationException.With.Message.Contains("SendAsync"));
    }

    private SignatureException Refuses(
        SignatureError error, Func<HttpRequestMessage, int, HttpResponseMessage> answer, HttpVerifyingHandlerOptions? options = null)
    {
        using HttpMessageInvoker client = Client(answer, options);
        using HttpRequestMessage request = Post();
        SignatureException? refused = Assert.ThrowsAsync<SignatureException>(async () => await client.SendAsync(request, default));
        Assert.That(refused!.Error, Is.EqualTo(error));
        return refused;
    }

    private Func<HttpRequestMessage, int, HttpResponseMessage> Changed(Action<HttpResponseMessage> change) => (request, _) =>
    {
        HttpResponseMessage response = agents.Answer(request);
        change(response);
        return response;
    };

    private HttpMessageInvoker Client(Func<HttpRequestMessage, int, HttpResponseMessage> answer, HttpVerifyingHandlerOptions? options = null) =>
        Client(new CapturingHandler(answer), options);

    private HttpMessageInvoker Client(HttpMessageHandler network, HttpVerifyingHandlerOptions? options = null, params DelegatingHandler[] outer) =>
        agents.Client(network, outer: [.. outer, new HttpVerifyingHandler(agents.Verifier, options)]);

    private static HttpRequestMessage Post() => new(HttpMethod.Post, "https://api.example.com/orders?x=1")
    {
        Content = new StringContent("""{"hello":"world"}""", Encoding.UTF8, "application/json"),
        Headers = { { "X-Task", "7" } },
    };

    private static HttpResponseMessage Challenge() => new(HttpStatusCode.Unauthorized) { Headers = { { AcceptSignature.FieldName, "sig1=(\"x-task\")" } } };

    private sealed class TrackedContent() : ByteArrayContent([1])
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
