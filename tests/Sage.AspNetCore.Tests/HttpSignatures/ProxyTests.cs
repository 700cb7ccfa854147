using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>Scheme, authority and path are the client's, whatever stands between.</summary>
[TestFixture]
internal sealed class ProxyTests
{
    [Test]
    public async Task What_a_known_proxy_says_of_the_original_request_counts()
    {
        await using SignedApi api = await StartBehindProxyAsync("127.0.0.1");
        foreach (string target in new[] { "/x", "/a%2Fb/%61?q=1", "/agents/x", "/a/../b" })
        {
            Assert.That(await SendAsync(api, target, "https", "api.example.com", "/agents", "/agents" + target), Is.EqualTo(200), target);
        }

        Assert.That(await SendAsync(api, "/x", "https", "api.example.com", "", "/x"), Is.EqualTo(200));
        Assert.That(await SendAsync(api, "/x", "https", "api.example.com", "/agents", "/x"), Is.EqualTo(401));
    }

    [Test]
    public async Task What_a_stranger_says_of_the_original_request_does_not_count()
    {
        await using SignedApi api = await StartBehindProxyAsync("192.0.2.1");
        Assert.That(await SendAsync(api, "/x", "https", "api.example.com", "/agents", "/agents/x"), Is.EqualTo(401));
        Assert.That(await api.SendSignedAsync(api.Request("/x")), Is.EqualTo(200));
    }

    [TestCase("https://api.example.com", "/x?y=1", "/x?y=1")]
    [TestCase("https://api.example.com/", "/a%2Fb", "/a%2Fb")]
    [TestCase("https://API.example.com:443/agents/", "/x", "/agents/x")]
    [TestCase("https://api.example.com/a%2Fb", "/%61/../x", "/a%2Fb/%61/../x")]
    public async Task A_public_origin_replaces_what_the_request_says(string origin, string target, string publicTarget)
    {
        await using SignedApi api = await SignedApi.StartAsync(
            app => app.MapGet("/{**path}", () => "in").RequireHttpSignature(), options => options.PublicOrigin = new Uri(origin));
        RawRequest request = api.Request(target);
        request.Scheme = "https";
        request.SignedHost = "api.example.com";
        request.SignedTarget = publicTarget;

        Assert.That(await api.SendSignedAsync(request), Is.EqualTo(200));
        Assert.That(await api.SendSignedAsync(api.Request(target)), Is.EqualTo(401));
    }

    [TestCase("/base/x")]
    [TestCase("/base/base/x")]
    [TestCase("/%62ase/x")]
    [TestCase("/base/a/../x")]
    public async Task A_path_base_that_the_application_split_off_was_signed_as_it_is(string target)
    {
        await using SignedApi api = await SignedApi.StartAsync(app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/{**path}", () => "in").RequireHttpSignature();
        });
        Assert.That(await api.SendSignedAsync(api.Request(target)), Is.EqualTo(200));
    }

    private static Task<SignedApi> StartBehindProxyAsync(string proxy) => SignedApi.StartAsync(app =>
    {
        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.All };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Add(IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/{**path}", () => "in").RequireHttpSignature();
    });

    private static async Task<int> SendAsync(SignedApi api, string target, string scheme, string host, string prefix, string signedTarget)
    {
        RawRequest request = api.Request(target);
        request.Scheme = scheme;
        request.SignedHost = host;
        request.SignedTarget = signedTarget;
        request.Fields.Add(("X-Forwarded-For", "198.51.100.7"));
        request.Fields.Add(("X-Forwarded-Proto", scheme));
        request.Fields.Add(("X-Forwarded-Host", host));
        if (prefix.Length > 0)
        {
            request.Fields.Add(("X-Forwarded-Prefix", prefix));
        }

        return await api.SendSignedAsync(request);
    }
}
