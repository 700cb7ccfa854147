using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Which requests are let in, over real connections.</summary>
[TestFixture]
internal sealed class IncomingSignatureTests
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "OPTIONS", "DELETE"];

    private SignedApi api = null!;

    [SetUp]
    public async Task StartAsync() => api = await SignedApi.StartAsync(app =>
        app.MapMethods("/{**path}", Methods, (HttpContext context) => context.User.Identity!.Name).RequireHttpSignature());

    [TearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [TestCase("/")]
    [TestCase("/a%2Db")]
    [TestCase("/a%7Eb")]
    [TestCase("/a%3Ab")]
    [TestCase("/a%2Fb")]
    [TestCase("/%61bc")]
    [TestCase("/a/../b")]
    [TestCase("/a/./b//c")]
    [TestCase("/a?x=1&y=%20+a")]
    [TestCase("/a?")]
    [TestCase("/?q=/../%61")]
    public async Task A_target_signed_as_sent_is_accepted(string target) =>
        Assert.That(await api.SendSignedAsync(api.Request(target)), Is.EqualTo(200));

    [Test]
    public async Task The_absolute_form_is_accepted() =>
        Assert.That(await api.SendSignedAsync(api.Request($"http://{api.Url.Authority}/a%2Db?x=1")), Is.EqualTo(200));

    [Test]
    public async Task The_asterisk_form_is_accepted() =>
        Assert.That(await api.SendSignedAsync(api.Request("*", "OPTIONS")), Is.EqualTo(200));

    [Test]
    public async Task A_host_in_upper_case_with_a_port_is_accepted()
    {
        RawRequest request = api.Request("/x");
        request["Host"] = "API.Example.COM:8443";
        Assert.That(await api.SendSignedAsync(request), Is.EqualTo(200));
    }

    [Test]
    public async Task A_host_with_the_default_port_is_the_host_without_it()
    {
        RawRequest request = api.Request("/x");
        request["Host"] = "api.example.com:80";
        request.SignedHost = "api.example.com";
        Assert.That(await api.SendSignedAsync(request), Is.EqualTo(200));
    }

    [Test]
    public async Task A_request_over_http_2_is_accepted_once()
    {
        using HttpClient client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(api.Http2Url, "/a%2Db?x=1")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent("{}") };
            await api.Signer.SignRequestAsync(request, new SigningOverrides { Nonce = "same" });
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(i == 0 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized));
            Assert.That(response.Version, Is.EqualTo(HttpVersion.Version20));
        }
    }

    [Test]
    public async Task A_request_of_the_http_client_is_accepted()
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(api.Url, "/orders?x=ü")) { Content = new StringContent("{\"a\":1}") };
        await api.Signer.SignRequestAsync(request);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(api.Agent.Did.Value));
    }

    [Test]
    public async Task An_unsigned_request_is_told_what_to_sign_and_nothing_else()
    {
        RawResponse response = await api.Request("/x", "POST", "{}").SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(
            response.Fields["Accept-Signature"].Single(),
            Is.EqualTo("sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\");created;expires"));
        Assert.That(response.Fields["Content-Type"].Single(), Is.EqualTo("application/problem+json"));
        Assert.That(response.Body, Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401}"));
    }

    [Test]
    public async Task A_request_is_accepted_once()
    {
        RawRequest request = await api.Request("/x").SignAsync(api.Signer);

        Assert.That((await request.SendAsync()).Status, Is.EqualTo(200));
        Assert.That((await request.SendAsync()).Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.Replayed)));
    }

    [Test]
    public async Task Of_eight_threads_with_one_captured_request_exactly_one_is_let_in()
    {
        RawRequest request = await api.Request("/x", "POST", "{}").SignAsync(api.Signer);
        using Barrier start = new(8);
        Task<RawResponse>[] sent = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return request.SendAsync();
            },
            TaskCreationOptions.LongRunning).Unwrap())];

        int[] statuses = [.. (await Task.WhenAll(sent)).Select(response => response.Status).Order()];
        Assert.That(statuses, Is.EqualTo(new[] { 200, 401, 401, 401, 401, 401, 401, 401 }));
    }

    private static IEnumerable<TestCaseData<Action<RawRequest>, SignatureError>> Changes() =>
    [
        new(request => request.Method = "PUT", SignatureError.BadSignature) { TestName = "Another_method_is_refused" },
        new(request => request.Target = "/other?x=1", SignatureError.BadSignature) { TestName = "Another_path_is_refused" },
        new(request => request.Target = "/%6frders?x=1", SignatureError.BadSignature) { TestName = "Another_spelling_of_the_path_is_refused" },
        new(request => request.Target = "/orders?x=2", SignatureError.BadSignature) { TestName = "Another_query_is_refused" },
        new(request => request["Host"] = "other.example.com", SignatureError.BadSignature) { TestName = "Another_authority_is_refused" },
        new(request => request["Content-Type"] = "text/plain", SignatureError.BadSignature) { TestName = "Another_content_type_is_refused" },
        new(request => request.Body = "{\"a\":2}"u8.ToArray(), SignatureError.DigestMismatch) { TestName = "Another_body_is_refused" },
        new(request => request["Content-Digest"] = ContentDigest.Compute("x"u8), SignatureError.BadSignature) { TestName = "Another_digest_is_refused" },
        new(request => request.Body = [], SignatureError.DigestMismatch) { TestName = "A_body_taken_away_is_refused" },
        new(request => request["Signature"] = "sig1=:AAAA:", SignatureError.BadSignature) { TestName = "Another_signature_is_refused" },
        new(request => request.Fields.RemoveAll(field => field.Name == "Signature"), SignatureError.SignatureMissing) { TestName = "Half_a_signature_is_refused" },
        new(request => request.Fields.Add(("Content-Type", "text/plain")), SignatureError.BadSignature) { TestName = "A_second_line_of_a_field_is_refused" },
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task What_was_changed_on_the_way_is_refused(Action<RawRequest> change, SignatureError reason)
    {
        RawRequest request = await api.Request("/orders?x=1", "POST", "{\"a\":1}").SignAsync(api.Signer);
        change(request);
        RawResponse response = await request.SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(response.Body, Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401}"));
        Assert.That(api.Logs.All, Does.Contain(reason.ToString()));
    }

    [TestCase(-301, SignatureError.TooOld)]
    [TestCase(-61, SignatureError.Expired)]
    [TestCase(6, SignatureError.CreatedInFuture)]
    public async Task A_signature_out_of_its_time_is_refused(int seconds, SignatureError reason)
    {
        FakeTimeProvider clock = new(api.Clock.GetUtcNow().AddSeconds(seconds));
        RawResponse response = await (await api.Request("/x").SignAsync(api.Agent.Signer(clock))).SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(reason.ToString()));
    }

    [Test]
    public async Task A_key_revoked_while_the_application_runs_is_refused_from_the_next_call_on()
    {
        Assert.That(await api.SendSignedAsync(api.Request("/x")), Is.EqualTo(200));
        await api.Agent.RevokeAsync(api.Registry, api.Clock);
        Assert.That(await api.SendSignedAsync(api.Request("/x")), Is.EqualTo(401));

        // The other key of the agent has moved up to its place.
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.BadSignature)));
    }

    [Test]
    public async Task A_stranger_is_refused()
    {
        using SigningAgent stranger = new();
        RawResponse response = await (await api.Request("/x").SignAsync(stranger.Signer(api.Clock))).SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.KeyNotFound)));
        Assert.That(response.Text, Does.Not.Contain(nameof(SignatureError.KeyNotFound)).IgnoreCase.And.Not.Contain("key_not_found"));
    }

    [TestCase("sig1=(\"@method\");created=1;x=@999999999999999;keyid=\"did:key:z\"")]
    [TestCase("x=@999999999999999")]
    [TestCase("sig1=@-999999999999999")]
    [TestCase("sig1=(\"@method\";req \"@target-uri\" \"@authority\");created=1793620800;expires=1793620860;keyid=\"did:sage:a:b\";nonce=\"n\"")]
    [TestCase("sig1=(\"@status\" \"@method\" \"@target-uri\" \"@authority\");created=1793620800;expires=1793620860;keyid=\"did:sage:a:b\";nonce=\"n\"")]
    [TestCase("sig1=(\"@method\" \"@target-uri\" \"@authority\" \"x\";tr);created=1793620800;expires=1793620860;keyid=\"did:key:zzzz\";nonce=\"n\"")]
    [TestCase("sig1=(\"@method\" \"@method\");created=1793620800")]
    [TestCase("sig1=(\"@method\");created=999999999999999;keyid=\"x\"")]
    [TestCase("sig1=(\"@method\");created=-999999999999999;keyid=\"x\"")]
    [TestCase("sig1=(\"@method\");created=1793620800;expires=999999999999999;keyid=\"x\"")]
    [TestCase("sig1=(\"@query-param\";name=\"%zz\");created=1793620800;keyid=\"x\"")]
    [TestCase("sig1=()")]
    [TestCase("sig1")]
    [TestCase("((((((((")]
    [TestCase("sig1=(\"@method\");keyid=%\"f%c3%bc\"")]
    [TestCase("sig1=(\"ü\")")]
    [TestCase("")]
    public async Task A_hostile_signature_input_is_refused_like_any_other(string input)
    {
        RawRequest request = api.Request("/x?x=1&x=2");
        request.Fields.Add(("Signature-Input", input));
        request.Fields.Add(("Signature", "sig1=:AAAA:"));
        RawResponse response = await request.SendAsync();

        Assert.That(response.Status, Is.EqualTo(401));
        Assert.That(response.Body, Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401}"));
    }

    [TestCase("xn--a")]
    [TestCase("xn--zzzzzzzzzzzzzzzz.example:1")]
    [TestCase("[::1]:99999")]
    public async Task A_hostile_host_does_no_harm(string host)
    {
        RawRequest request = api.Request("/x");
        request["Host"] = host;
        Assert.That(await api.SendSignedAsync(request), Is.AnyOf(200, 400));
    }

    [TestCase(40, 300)]
    [TestCase(1, 16_000)]
    [TestCase(9, 20)]
    public async Task Long_and_many_signatures_are_refused(int count, int length)
    {
        RawRequest request = api.Request("/x");
        for (int i = 0; i < count; i++)
        {
            request.Fields.Add(("Signature-Input", $"s{i}=(\"@method\");x=\"{new string('a', length)}\""));
            request.Fields.Add(("Signature", $"s{i}=:AAAA:"));
        }

        Assert.That((await request.SendAsync()).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Random_fields_never_make_an_error_of_the_server()
    {
        byte[] noise = new byte[200];
        for (int i = 0; i < 100; i++)
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(noise);
            RawRequest request = api.Request("/x");
            request.Fields.Add(("Signature-Input", new string([.. noise.Select(octet => "sig=(\"@method)\\;,:?1 %*&req"[octet % 27])])));
            request.Fields.Add(("Signature", "sig1=:AAAA:"));
            Assert.That((await request.SendAsync()).Status, Is.EqualTo(401), request["Signature-Input"]);
        }
    }
}
