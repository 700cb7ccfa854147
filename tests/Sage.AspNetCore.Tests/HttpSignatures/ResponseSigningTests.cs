using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Signed responses as an HttpClient verifies them.</summary>
[TestFixture]
internal sealed class ResponseSigningTests
{
    private static readonly SignaturePolicy Small = SignaturePolicy.Default with { Name = "small", MaxBodySize = 1000 };

    private readonly FailingSigner failing = new();

    private SigningAgent server = null!;
    private SignedApi api = null!;
    private HttpClient client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        server = new SigningAgent();
        api = await SignedApi.StartAsync(
            app =>
            {
                app.Use(async (context, next) =>
                {
                    context.Response.OnStarting(() => Task.FromResult(context.Response.Headers["X-Late"] = "outside"));
                    await next();
                });
                app.UseHttpMessageSigning();
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapPost("/json", (Order order, AgentIdentity caller) => new Order(order.Item + "!")).SignHttpResponse();
                app.MapGet("/text", () => "some text").SignHttpResponse();
                app.MapGet("/strict", () => "some text").RequireHttpSignature().SignHttpResponse();
                app.MapGet("/pipe", async (HttpContext context) =>
                {
                    await context.Response.StartAsync();
                    await context.Response.BodyWriter.WriteAsync("piped"u8.ToArray());
                    await context.Response.CompleteAsync();
                }).SignHttpResponse();
                app.MapMethods("/head", ["HEAD"], async (HttpContext context) => await context.Response.WriteAsync("never sent")).SignHttpResponse();
                app.MapGet("/status/{code}", (int code) => Results.StatusCode(code)).SignHttpResponse();
                app.MapGet("/late", (HttpContext context) =>
                {
                    context.Response.OnStarting(() =>
                    {
                        context.Response.ContentType = "text/late";
                        return Task.CompletedTask;
                    });
                    return "late";
                }).SignHttpResponse();
                app.MapGet("/forged", (HttpContext context) =>
                {
                    context.Response.Headers["Signature"] = "sig1=:AAAA:";
                    context.Response.Headers["Content-Digest"] = "sha-256=:AAAA:";
                    context.Response.ContentLength = 6;
                    return context.Response.WriteAsync("forged");
                }).SignHttpResponse();
                app.MapGet("/long/{length}", (int length) => new string('x', length)).SignHttpResponse(Small);
                app.MapGet("/endless", async (HttpContext context) =>
                {
                    while (true)
                    {
                        await context.Response.Body.WriteAsync(new byte[100], context.RequestAborted);
                    }
                }).SignHttpResponse(Small);
                app.MapGet("/stubborn", async (HttpContext context) =>
                {
                    try
                    {
                        await context.Response.Body.WriteAsync(new byte[2000]);
                    }
                    catch (InvalidOperationException)
                    {
                        context.Response.StatusCode = 200;
                    }
                }).SignHttpResponse(Small);
                app.MapGet("/missing", () => "x").SignHttpResponse(SignaturePolicy.Default with { ResponseComponents = [SignatureComponent.Field("x-not-there")] });
                app.MapGet("/failing", () => "x").SignHttpResponse();
                app.MapGet("/throwing", (HttpContext context) => Throw()).SignHttpResponse();
                app.MapGet("/unsigned", () => "x");
                app.MapGet("/buffering", (HttpContext context) =>
                {
                    context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
                    return "unbuffered";
                }).SignHttpResponse();
            },
            build: builder => builder.Services.AddSingleton(provider =>
            {
                failing.Inner = server.KeySigner;
                return new HttpMessageSigner(failing, server.KeyId, timeProvider: provider.GetRequiredService<TimeProvider>());
            }));
        await server.RegisterAsync(api.Registry, api.Clock);
        client = new HttpClient { BaseAddress = api.Url };
        failing.IsBroken = false;
    }

    [TearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
        server.Dispose();
    }

    [TestCase("Signature")]
    [TestCase("Content-Digest")]
    public async Task The_refusal_of_a_request_that_cannot_be_covered_is_the_usual_one(string field)
    {
        RawRequest request = api.Request("/strict");
        request[field] = "\u00e9";

        RawResponse response = await request.SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(response.Body, Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401}"));
        Assert.That(response.Text, Does.Contain("Signature-Input").And.Not.Contain($"\"{field.ToLowerInvariant()}\";req"), "signed, without what cannot be covered");
    }

    [Test]
    public async Task A_caller_that_is_let_in_with_a_field_nobody_can_cover_gets_a_signed_answer()
    {
        RawRequest request = await api.Request("/strict").SignAsync(api.Signer);
        request["Content-Digest"] = "\u00e9";

        RawResponse response = await request.SendAsync();

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Text, Does.Contain("Signature-Input").And.Contain("\"signature\";req").And.Not.Contain("\"content-digest\";req"));
    }

    [TestCase("/text", "some text")]
    [TestCase("/pipe", "piped")]
    [TestCase("/late", "late")]
    [TestCase("/forged", "forged")]
    [TestCase("/buffering", "unbuffered")]
    public async Task A_response_is_signed_and_bound_to_its_request(string target, string body)
    {
        using HttpResponseMessage response = await client.GetAsync(target);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.None));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(body.Length));
        Assert.That(response.Headers.GetValues("X-Late"), Is.EqualTo(new[] { "outside" }));
    }

    [Test]
    public async Task The_answer_to_a_signed_request_covers_its_signature_and_its_digest()
    {
        using HttpResponseMessage response = await PostAsync();

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("tea!"));
        Assert.That(response.Headers.GetValues("Signature-Input").Single(), Does.Contain("\"content-digest\";req \"signature\";req \"content-type\" \"content-digest\")"));
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_response_to_another_request_is_refused()
    {
        using HttpResponseMessage response = await PostAsync();
        using HttpResponseMessage other = await PostAsync();
        response.RequestMessage = other.RequestMessage;
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.BadSignature));
    }

    [Test]
    public async Task A_changed_response_is_refused()
    {
        using HttpResponseMessage status = await client.GetAsync("/text");
        status.StatusCode = HttpStatusCode.Accepted;
        using HttpResponseMessage type = await client.GetAsync("/text");
        type.Content.Headers.ContentType = new("text/html");
        using HttpResponseMessage body = await client.GetAsync("/text");
        ByteArrayContent changed = new("same text"u8.ToArray());
        foreach ((string name, IEnumerable<string> values) in body.Content.Headers)
        {
            changed.Headers.TryAddWithoutValidation(name, values);
        }

        body.Content = changed;
        using HttpResponseMessage unsigned = await client.GetAsync("/unsigned");

        Assert.That(await VerifyAsync(status), Is.EqualTo(SignatureError.BadSignature));
        Assert.That(await VerifyAsync(type), Is.EqualTo(SignatureError.BadSignature));
        Assert.That(await VerifyAsync(body), Is.EqualTo(SignatureError.DigestMismatch));
        Assert.That(await VerifyAsync(unsigned), Is.EqualTo(SignatureError.NotSigned));
    }

    [TestCase("/status/204", 204)]
    [TestCase("/status/304", 304)]
    [TestCase("/status/404", 404)]
    [TestCase("/head", 200)]
    public async Task A_response_without_a_body_is_signed_without_a_digest(string target, int status)
    {
        using HttpRequestMessage request = new(target == "/head" ? HttpMethod.Head : HttpMethod.Get, target);
        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.None));
        Assert.That(response.Content.Headers.Contains("Content-Digest"), Is.False);
    }

    [Test]
    public async Task The_digest_is_the_one_that_the_client_wants()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/text") { Headers = { { "Want-Content-Digest", "sha-512=10, sha-256=1" } } };
        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.That(response.Headers.Concat(response.Content.Headers).Single(field => field.Key == "Content-Digest").Value.Single(), Does.StartWith("sha-512=:"));
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task A_challenge_is_signed_where_the_endpoint_signs()
    {
        using StringContent content = new("{\"item\":\"tea\"}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync("/json", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.Contains("Accept-Signature"), Is.True);
        Assert.That(await VerifyAsync(response, SignaturePolicy.Default with { RequireContentDigest = false }), Is.EqualTo(SignatureError.None));
    }

    [TestCase("/long/1001")]
    [TestCase("/endless")]
    [TestCase("/stubborn")]
    [TestCase("/missing")]
    [TestCase("/failing")]
    public async Task A_response_that_cannot_be_signed_becomes_an_empty_error(string target)
    {
        failing.IsBroken = target == "/failing";
        using HttpResponseMessage response = await client.GetAsync(target);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        Assert.That(response.Headers.Contains("Signature"), Is.False);
        Assert.That(api.Logs.Entries.Single(entry => entry.Id.Id == 5102).Level, Is.EqualTo(Microsoft.Extensions.Logging.LogLevel.Error));
    }

    [Test]
    public async Task A_response_as_long_as_the_limit_is_signed()
    {
        using HttpResponseMessage response = await client.GetAsync("/long/1000");
        Assert.That(await VerifyAsync(response), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task An_exception_is_the_business_of_who_stands_in_front()
    {
        using HttpResponseMessage response = await client.GetAsync("/throwing");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Headers.Contains("Signature"), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_exception_handler_behind_the_middleware_has_its_answer_signed(bool behind)
    {
        await using SignedApi other = await SignedApi.StartAsync(
            app =>
            {
                if (behind)
                {
                    app.UseHttpMessageSigning();
                }

                app.UseExceptionHandler(branch => branch.Run(context => context.Response.WriteAsync("sorry")));
                if (!behind)
                {
                    app.UseHttpMessageSigning();
                }

                app.MapGet("/", (HttpContext context) => Throw()).SignHttpResponse();
            },
            build: builder => builder.Services.AddSingleton(api.Signer));
        using HttpResponseMessage response = await client.GetAsync(other.Url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(await VerifyAsync(response), Is.EqualTo(behind ? SignatureError.None : SignatureError.NotSigned));
    }

    [TestCase(HttpSigningMode.Always)]
    [TestCase(HttpSigningMode.WhenAsked)]
    public async Task Both_sides_sign_and_verify_each_other(HttpSigningMode mode)
    {
        HttpMessageVerifier verifier = new(new Sage.Did.AgentKeyResolver(api.Registry), timeProvider: api.Clock);
        using HttpClient both = new(new HttpVerifyingHandler(verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = server.Did.Value })
        {
            InnerHandler = new HttpSigningHandler(api.Signer, new HttpSigningHandlerOptions { Mode = mode })
            {
                InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false },
            },
        });
        for (int i = 0; i < 2; i++)
        {
            using StringContent content = new("{\"item\":\"tea\"}", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await both.PostAsync(new Uri(api.Url, "/json"), content);
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("tea!"));
        }
    }

    [Test]
    public async Task An_endpoint_that_signs_does_not_run_without_the_middleware()
    {
        bool ran = false;
        await using SignedApi bare = await SignedApi.StartAsync(app => app.MapGet("/", () => ran = true).SignHttpResponse());
        Assert.That((await bare.Request().SendAsync()).Status, Is.EqualTo(500));
        Assert.That(bare.Logs.All, Does.Contain("UseHttpMessageSigning()"));
        Assert.That(ran, Is.False);
    }

    private static string Throw() => throw new NotSupportedException();

    private async Task<HttpResponseMessage> PostAsync()
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(api.Url, "/json")) { Content = new StringContent("{\"item\":\"tea\"}", Encoding.UTF8, "application/json") };
        await api.Signer.SignRequestAsync(request);
        return await client.SendAsync(request);
    }

    private async Task<SignatureError> VerifyAsync(HttpResponseMessage response, SignaturePolicy? policy = null)
    {
        HttpMessageVerifier verifier = new(new Sage.Did.AgentKeyResolver(api.Registry), new InMemoryNonceStore(api.Clock), timeProvider: api.Clock);
        return (await verifier.VerifyAsync(SignatureContext.ForResponse(response), policy)).Error;
    }

    internal sealed record Order(string Item);

    private sealed class FailingSigner : ISigner
    {
        public KeySigner Inner { get; set; } = null!;

        public bool IsBroken { get; set; }

        public PublicKey PublicKey => Inner.PublicKey;

        public ValueTask<byte[]> SignAsync(SigningPurpose purpose, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
            IsBroken ? throw new IOException("The key is out of reach.") : Inner.SignAsync(purpose, data, cancellationToken);
    }
}
