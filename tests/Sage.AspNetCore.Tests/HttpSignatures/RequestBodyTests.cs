using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Bodies are checked before the application reads them, and it reads them whole.</summary>
[TestFixture]
internal sealed class RequestBodyTests
{
    private static readonly SignaturePolicy Small = SignaturePolicy.Default with { Name = "small", MaxBodySize = 100 };

    private SignedApi api = null!;

    [SetUp]
    public async Task StartAsync() => api = await SignedApi.StartAsync(app =>
    {
        app.MapPost("/json", (EndpointSignatureTests.Order order, AgentIdentity caller) => order.Item);
        app.MapPost("/form", ([FromForm] string item, AgentIdentity caller) => item).DisableAntiforgery();
        app.MapPost("/stream", async (HttpRequest request, AgentIdentity caller) => await new StreamReader(request.Body).ReadToEndAsync());
        app.MapPost("/pipe", async (PipeReader body, AgentIdentity caller) =>
        {
            ReadResult result = await body.ReadAtLeastAsync(1_000_000);
            return Encoding.UTF8.GetString(result.Buffer);
        });
        app.MapPost("/small", () => "in").RequireHttpSignature(Small);
        app.MapPost("/open", async (HttpRequest request) => (await new StreamReader(request.Body).ReadToEndAsync()).Length.ToString(CultureInfo.InvariantCulture));
        app.MapGet("/none", (AgentIdentity caller) => "in");
    });

    [TearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [TestCase("/json", "{\"item\":\"tea\"}", "application/json", "tea")]
    [TestCase("/form", "item=tea&x=1", "application/x-www-form-urlencoded", "tea")]
    [TestCase("/form", "--b\r\nContent-Disposition: form-data; name=item\r\n\r\ntea\r\n--b--\r\n", "multipart/form-data; boundary=b", "tea")]
    [TestCase("/stream", "some text", "text/plain", "some text")]
    [TestCase("/pipe", "some text", "text/plain", "some text")]
    public async Task The_application_reads_the_body_that_was_checked(string target, string body, string contentType, string read)
    {
        foreach (bool chunked in new[] { false, true })
        {
            RawRequest request = new(api.Url, target, "POST", body, contentType) { Chunked = chunked };
            RawResponse response = await (await request.SignAsync(api.Signer)).SendAsync();
            Assert.That(response.Status, Is.EqualTo(200));
            Assert.That(response.Body, Does.Contain(read));
        }
    }

    [Test]
    public async Task A_long_body_is_read_whole()
    {
        string body = new('x', 700_000);
        Assert.That((await (await api.Request("/pipe", "POST", body).SignAsync(api.Signer)).SendAsync()).Body, Does.Contain(body[..100]));
    }

    [Test]
    public async Task A_chunked_body_that_was_changed_is_refused()
    {
        RawRequest request = api.Request("/stream", "POST", "some text");
        await request.SignAsync(api.Signer);
        request.Chunked = true;
        request.Body = "some test"u8.ToArray();
        Assert.That((await request.SendAsync()).Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.DigestMismatch)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_that_no_digest_covers_is_refused(bool chunked)
    {
        RawRequest request = new(api.Url, "/stream", "POST");
        await request.SignAsync(api.Signer);
        request.Body = "smuggled"u8.ToArray();
        request.Chunked = chunked;
        Assert.That((await request.SendAsync()).Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.DigestNotCovered)));
    }

    [TestCase(100, 200)]
    [TestCase(101, 401)]
    public async Task A_body_over_the_limit_of_the_policy_is_refused(int length, int status)
    {
        foreach (bool chunked in new[] { false, true })
        {
            RawRequest request = api.Request("/small", "POST", new string('x', length));
            request.Chunked = chunked;
            Assert.That(await api.SendSignedAsync(request), Is.EqualTo(status));
        }

        Assert.That(api.Logs.Entries.Count(entry => entry.Text.Contains(nameof(SignatureError.BodyTooLarge), StringComparison.Ordinal)), status == 200 ? Is.Zero : Is.GreaterThanOrEqualTo(2));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_open_endpoint_still_reads_a_body_that_was_too_long_to_check(bool chunked)
    {
        RawRequest request = api.Request("/open", "POST", new string('x', 1_500_000));
        request.Chunked = chunked;
        RawResponse response = await (await request.SignAsync(api.Signer)).SendAsync();

        Assert.That(response.Body, Does.Contain("1500000"));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.BodyTooLarge)));
    }

    [Test]
    public async Task A_body_that_the_server_refuses_keeps_its_status()
    {
        RawRequest request = api.Request("/stream", "POST", "x");
        await request.SignAsync(api.Signer);
        request.Body = null;
        request.Fields.Add(("Transfer-Encoding", "chunked\r\n\r\nnonsense"));
        Assert.That((await request.SendAsync()).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_body_that_an_earlier_middleware_buffered_and_read_is_checked_whole()
    {
        await using SignedApi buffering = await SignedApi.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                context.Request.EnableBuffering();
                await context.Request.Body.ReadExactlyAsync(new byte[4]);
                await next();
            });
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapPost("/", async (HttpRequest request, AgentIdentity caller) => await new StreamReader(request.Body).ReadToEndAsync());
        });
        RawResponse response = await (await buffering.Request("/", "POST", "some text").SignAsync(buffering.Signer)).SendAsync();

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Body, Does.Contain(" text").And.Not.Contain("some"));
    }

    [Test]
    public async Task A_stream_of_http_2_without_a_length_is_checked()
    {
        using HttpClient client = new();
        foreach (string sent in new[] { "some text", "some test" })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(api.Http2Url, "/stream"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StreamContent(new Unseekable(Encoding.UTF8.GetBytes(sent))),
            };
            request.Content.Headers.Add("Content-Digest", ContentDigest.Compute("some text"u8));
            await api.Signer.SignRequestAsync(request);
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(sent == "some text" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task A_request_without_a_body_needs_no_digest() =>
        Assert.That(await api.SendSignedAsync(api.Request("/none")), Is.EqualTo(200));

    private sealed class Unseekable(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
