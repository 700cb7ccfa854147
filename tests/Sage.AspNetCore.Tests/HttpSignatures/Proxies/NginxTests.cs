using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures.Proxies;

/// <summary>Behind nginx, which ends TLS and takes a path prefix away.</summary>
public sealed class NginxTests
{
    [TestCase("orders?x=1")]
    [TestCase("")]
    [TestCase("a%2Db%2Fc?x=%41&y=b+c")]
    [TestCase("%61/%7Eb")]
    [TestCase("api/orders")]
    [TestCase("api/a%2Db%2Fc?x=%41")]
    [TestCase("api/api/orders")]
    [TestCase("clean/orders?x=1")]
    public async Task A_request_signed_for_the_public_address_is_accepted(string target)
    {
        await using SignedApi api = await StartBehindAsync();
        using NginxProxy proxy = await NginxProxy.StartAsync(api.Url);

        Assert.That(await SendAsync(api, proxy, new Uri(proxy.Url + target), HttpVersion.Version11), Is.EqualTo(200), api.Logs.All);
        Assert.That(await SendAsync(api, proxy, new Uri(proxy.Url + target), HttpVersion.Version20), Is.EqualTo(200), api.Logs.All);
    }

    [Test]
    public async Task A_target_that_the_proxy_rewrote_is_refused()
    {
        await using SignedApi api = await StartBehindAsync();
        using NginxProxy proxy = await NginxProxy.StartAsync(api.Url);

        Assert.That(await SendAsync(api, proxy, new Uri(proxy.Url + "clean/a%2Db%2Fc"), HttpVersion.Version11), Is.EqualTo(401));
    }

    [Test]
    public async Task Forwarding_fields_of_an_untrusted_hop_are_not_believed()
    {
        await using SignedApi api = await StartBehindAsync();
        using NginxProxy proxy = await NginxProxy.StartAsync(api.Url);
        RawRequest request = api.Request("/orders");
        request.Scheme = "https";
        request.SignedHost = proxy.Url.Authority;
        await request.SignAsync(api.Signer);
        request["X-Forwarded-For"] = "192.0.2.1";
        request["X-Forwarded-Proto"] = "https";
        request["X-Forwarded-Host"] = proxy.Url.Authority;

        RawResponse answer = await request.SendAsync();

        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(api.Logs.All, Does.Contain(nameof(SignatureError.BadSignature)));
    }

    [TestCase("X-Forwarded-Host", "victim.example")]
    [TestCase("X-Forwarded-Proto", "http")]
    [TestCase("X-Forwarded-Prefix", "/api")]
    public async Task A_client_cannot_speak_through_the_proxy_for_another_address(string field, string value)
    {
        await using SignedApi api = await StartBehindAsync();
        using NginxProxy proxy = await NginxProxy.StartAsync(api.Url);
        string url = field switch
        {
            "X-Forwarded-Host" => "https://victim.example/orders",
            "X-Forwarded-Proto" => $"http://{proxy.Url.Authority}/orders",
            _ => $"https://{proxy.Url.Authority}/api/orders",
        };
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        await api.Signer.SignRequestAsync(request);
        request.RequestUri = new Uri(proxy.Url, "orders");
        request.Headers.TryAddWithoutValidation(field, value);
        using HttpMessageInvoker client = new(proxy.Connect());

        using HttpResponseMessage answer = await client.SendAsync(request, CancellationToken.None);

        Assert.That((int)answer.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task A_configured_origin_stands_for_a_proxy_that_tells_nothing()
    {
        Uri origin = new("https://api.example.com/api");
        await using SignedApi api = await SignedApi.StartAsync(Map, options => options.PublicOrigin = origin);
        RawRequest meant = api.Request("/orders?x=1");
        meant.Scheme = "https";
        meant.SignedHost = "api.example.com";
        meant.SignedTarget = "/api/orders?x=1";
        RawRequest other = api.Request("/orders?x=1");

        Assert.That(await api.SendSignedAsync(meant), Is.EqualTo(200), api.Logs.All);
        Assert.That(await api.SendSignedAsync(other), Is.EqualTo(401));
    }

    [Test]
    public async Task Without_knowing_of_the_proxy_nothing_is_accepted_through_it()
    {
        await using SignedApi api = await SignedApi.StartAsync(Map);
        using NginxProxy proxy = await NginxProxy.StartAsync(api.Url);

        Assert.That(await SendAsync(api, proxy, new Uri(proxy.Url, "orders"), HttpVersion.Version11), Is.EqualTo(401));
    }

    private static Task<SignedApi> StartBehindAsync() => SignedApi.StartAsync(app =>
    {
        ForwardedHeadersOptions forwarded = new()
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedPrefix,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        forwarded.KnownProxies.Add(NginxProxy.Address);
        app.UseForwardedHeaders(forwarded);

        // The prefix moves to the path base, which routing must see.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        Map(app);
    });

    private static void Map(WebApplication app) => app.Map("/{**path}", (HttpContext context) => context.GetAgentIdentity()!.Subject).RequireHttpSignature();

    private static async Task<int> SendAsync(SignedApi api, NginxProxy proxy, Uri url, Version version)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("""{"order":1}""", Encoding.UTF8, "application/json"),
        };
        using HttpMessageInvoker client = new(new HttpSigningHandler(api.Signer) { InnerHandler = proxy.Connect() });
        using HttpResponseMessage answer = await client.SendAsync(request, CancellationToken.None);
        Assert.That(answer.Version, Is.EqualTo(version));
        return (int)answer.StatusCode;
    }
}
