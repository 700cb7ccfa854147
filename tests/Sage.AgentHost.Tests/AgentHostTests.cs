using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sage.AgentHost.Tests.TwoNodes;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;
using Sage.Session;

namespace Sage.AgentHost.Tests;

/// <summary>What the program answers, asked over the network by agents and by strangers.</summary>
internal sealed class AgentHostTests
{
    private static readonly AgentSessionOptions Options = new() { Endpoints = new EndpointPolicy { AllowLoopback = true, AllowHttp = true } };

    [Test]
    public async Task Without_configuration_it_is_an_agent_that_others_can_look_up_and_talk_to()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using Peer peer = new();
        Assert.That(await RegisterAsync(host, await peer.RecordAsync()), Is.EqualTo(HttpStatusCode.Created));
        DidResolution self = await host.Service<IDidResolver>().ResolveAsync(host.Did);

        using HttpSessionTransport http = new(Options.Endpoints);
        SessionClient client = new(peer.Local, new InMemoryAgentRegistry([self.Record!]), http, Options);
        await using AgentSession session = await client.OpenAsync(host.Did, host.Address);
        SessionMessage reply = await session.RequestAsync("hello"u8.ToArray());

        Assert.That(reply.Content.ToArray(), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task What_an_agent_says_reaches_the_application_behind_with_its_name_and_the_answer_comes_back()
    {
        await using WebApplication behind = await ApplicationAsync(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{context.Request.Headers["Sage-Peer"]} said {Encoding.UTF8.GetString(body.ToArray())}");
        });
        await using RunningHost host = await RunningHost.StartAsync("--Sage:Application:Endpoint", $"{behind.Urls.Single()}/ask");
        using Peer peer = new();
        await using AgentSession session = await OpenAsync(host, peer);

        SessionMessage reply = await session.RequestAsync("hello"u8.ToArray());

        Assert.That(Encoding.UTF8.GetString(reply.Content.Span), Is.EqualTo($"{peer.Did} said hello"));
    }

    [TestCase(500)]
    [TestCase(302)]
    [TestCase(204)]
    public async Task An_application_that_does_not_answer_well_ends_the_session_and_not_the_host(int status)
    {
        await using WebApplication behind = await ApplicationAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        await using RunningHost host = await RunningHost.StartAsync("--Sage:Application:Endpoint", behind.Urls.Single());
        using Peer peer = new();
        await using AgentSession session = await OpenAsync(host, peer);

        Assert.That(async () => await session.RequestAsync("hello"u8.ToArray()), Throws.TypeOf<SessionException>());
        Assert.That((await host.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_record_is_written_by_its_owner_alone_and_once()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using Peer peer = new();
        byte[] record = await peer.RecordAsync();
        string forged = Encoding.UTF8.GetString(record).Replace("\"peer\"", "\"other\"", StringComparison.Ordinal);

        Assert.That(await RegisterAsync(host, Encoding.UTF8.GetBytes(forged)), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await RegisterAsync(host, record), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await RegisterAsync(host, record), Is.EqualTo(HttpStatusCode.Conflict));
        using HttpResponseMessage found = await host.Http.GetAsync(new Uri($"/agents/{peer.Did}", UriKind.Relative));
        Assert.That(found.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(found.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/did-resolution"));
        Assert.That(await found.Content.ReadAsStringAsync(), Does.Contain($"\"id\":\"{peer.Did}\""));
    }

    [Test]
    public async Task A_signed_request_verifies_behind_the_proxy_that_is_shipped_whichever_node_gets_it()
    {
        await using RunningHost a = await RunningHost.StartAsync();
        await using RunningHost b = await RunningHost.StartAsync();
        await using Proxy proxy = new();
        await proxy.StartAsync(a.Address, b.Address);
        using Peer peer = new();
        await RegisterAsync(a, await peer.RecordAsync());
        await RegisterAsync(b, await peer.RecordAsync());
        using HttpClient client = new(new HttpSigningHandler(new HttpMessageSigner(peer.Signer, peer.Did.Value)) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }) { BaseAddress = proxy.Address };

        await AskAsync();
        await a.Application.StopAsync();
        await AskAsync();

        // More often than there are nodes, so that each had its turn.
        async Task AskAsync()
        {
            for (int i = 0; i < 6; i++)
            {
                Assert.That(await client.GetStringAsync(new Uri("/whoami?turn=a%2Fb", UriKind.Relative)), Does.Contain(peer.Did.Value));
            }
        }
    }

    [Test]
    public async Task A_signed_request_is_told_who_it_is_and_an_unsigned_one_nothing()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using Peer peer = new();
        await RegisterAsync(host, await peer.RecordAsync());
        using HttpClient client = new(new HttpSigningHandler(new HttpMessageSigner(peer.Signer, peer.Did.Value)) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }) { BaseAddress = host.Address };

        using HttpResponseMessage known = await client.GetAsync(new Uri("/whoami", UriKind.Relative));
        using HttpResponseMessage echo = await client.PostAsync(new Uri("/signed-echo", UriKind.Relative), new StringContent("again"));
        using HttpResponseMessage unknown = await host.Http.GetAsync(new Uri("/whoami", UriKind.Relative));

        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await known.Content.ReadAsStringAsync(), Does.Contain(peer.Did.Value));
        Assert.That(known.Headers.Contains("Signature"), "The response is signed.");
        Assert.That(await echo.Content.ReadAsStringAsync(), Is.EqualTo("again"));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await unknown.Content.ReadAsStringAsync(), Does.Contain("authentication failed").And.Not.Contain("not_signed"));
    }

    [Test]
    public async Task Whatever_a_stranger_sends_an_error_is_problem_details_and_never_the_hosts_fault()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        string[] paths = ["/", "/agents", "/agents/did:key:x", "/agents/%0a", "/agents/" + new string('a', 5000), "/whoami", "/signed-echo", "/health/nothing", "/openapi/v9.json", "/docs/none/of/these"];
        string[] bodies = ["", "{", "[]", "null", "{\"did\":1}", new string('[', 100_000), "\uffff", new string('x', 70_000)];
        foreach (string path in paths)
        {
            foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, new HttpMethod("BREW") })
            {
                foreach (string body in method == HttpMethod.Post ? bodies : [""])
                {
                    using HttpRequestMessage request = new(method, new Uri(host.Address, path));
                    request.Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;
                    using HttpResponseMessage response = await host.Http.SendAsync(request);
                    string what = $"{method} {path[..Math.Min(path.Length, 30)]} {body[..Math.Min(body.Length, 10)]}";
                    Assert.That((int)response.StatusCode, Is.LessThan(500).Or.EqualTo(501), what);
                    if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.Redirect)
                    {
                        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), what);
                        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("Exception").And.Not.Contain("   at "), what);
                    }
                }
            }
        }
    }

    [Test]
    public async Task A_body_over_the_limit_is_refused_and_so_are_requests_over_the_rate()
    {
        await using RunningHost host = await RunningHost.StartAsync("--Sage:Limits:RequestsPerSecondPerAddress", "5");
        using ByteArrayContent large = new(new byte[2 * 1024 * 1024]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpResponseMessage tooLarge = await host.Http.PostAsync(new Uri("/agents", UriKind.Relative), large);
        Assert.That(tooLarge.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => host.Http.GetAsync(new Uri("/agents/did:key:x", UriKind.Relative))));

        Assert.That(answers.Select(answer => answer.StatusCode), Has.Some.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await host.Http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK), "Probes do not count.");
        foreach (HttpResponseMessage answer in answers)
        {
            answer.Dispose();
        }
    }

    [TestCase(null, true)]
    [TestCase("127.0.0.2", true)]
    [TestCase("127.0.0.1", false)]
    [TestCase("127.0.0.0/8", false)]
    public async Task Behind_a_trusted_proxy_alone_each_caller_has_a_limit_of_its_own(string? proxy, bool together)
    {
        string[] trusted = proxy is null ? [] : ["--Sage:Limits:TrustedProxies:0", proxy];
        await using RunningHost host = await RunningHost.StartAsync([.. trusted, "--Sage:Limits:RequestsPerSecondPerAddress", "1"]);

        // More callers than seconds: nobody asks twice, so only who is taken for another one is refused.
        List<HttpStatusCode> answers = [];
        for (int caller = 1; caller <= 60; caller++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(host.Address, "/agents/did:key:x"));
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{caller}");
            using HttpResponseMessage response = await host.Http.SendAsync(request);
            answers.Add(response.StatusCode);
        }

        Assert.That(answers, together ? Has.Some.EqualTo(HttpStatusCode.TooManyRequests) : Has.None.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Told_to_stop_it_says_so_and_answers_on_until_the_load_balancer_has_looked()
    {
        RunningHost host = await RunningHost.StartAsync("--Sage:Limits:DrainDelay", "00:00:02");
        Task stopping = host.Application.StopAsync();

        using HttpResponseMessage ready = await host.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using HttpResponseMessage other = await host.Http.GetAsync(new Uri("/agents/did:key:x", UriKind.Relative));

        Assert.That((ready.StatusCode, other.StatusCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadRequest)));
        await stopping;
        Assert.That(async () => await host.Http.GetAsync(new Uri("/health/live", UriKind.Relative)), Throws.InstanceOf<HttpRequestException>());
        await host.DisposeAsync();
    }

    [Test]
    public async Task When_told_to_stop_it_finishes_what_it_began()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication behind = await ApplicationAsync(async context =>
        {
            asked.SetResult();
            await answer.Task;
            await context.Response.WriteAsync("done");
        });
        RunningHost host = await RunningHost.StartAsync("--Sage:Application:Endpoint", behind.Urls.Single());
        using Peer peer = new();
        await using AgentSession session = await OpenAsync(host, peer);
        Task<SessionMessage> request = session.RequestAsync("slow"u8.ToArray()).AsTask();
        await asked.Task;

        Task stopping = host.Application.StopAsync();
        ShutdownGate gate = host.Service<ShutdownGate>();
        Assert.That((await gate.CheckHealthAsync(new())).Status, Is.EqualTo(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy));
        answer.SetResult();

        Assert.That(Encoding.UTF8.GetString((await request).Content.Span), Is.EqualTo("done"));
        await stopping;
        await host.DisposeAsync();
    }

    private static async Task<AgentSession> OpenAsync(RunningHost host, Peer peer)
    {
        Assert.That(await RegisterAsync(host, await peer.RecordAsync()), Is.EqualTo(HttpStatusCode.Created));
        DidResolution self = await host.Service<IDidResolver>().ResolveAsync(host.Did);
        SessionClient client = new(peer.Local, new InMemoryAgentRegistry([self.Record!]), new HttpSessionTransport(Options.Endpoints), Options);
        return await client.OpenAsync(host.Did, host.Address);
    }

    private static async Task<HttpStatusCode> RegisterAsync(RunningHost host, byte[] record)
    {
        using ByteArrayContent content = new(record) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpResponseMessage response = await host.Http.PostAsync(new Uri("/agents", UriKind.Relative), content);
        return response.StatusCode;
    }

    private static async Task<WebApplication> ApplicationAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return application;
    }
}
