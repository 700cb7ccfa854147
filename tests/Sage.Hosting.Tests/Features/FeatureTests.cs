using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.FeatureManagement;
using Sage.Did;
using Sage.Hosting.Tests.Support;
using Sage.HttpSignatures;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Features;

/// <summary>Every switch counts in a running host, on and off again.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class FeatureTests
{
    private HostedAgent agent = null!;
    private TestAgent caller = null!;
    private RunningHost host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        agent = await HostedAgent.CreateAsync();
        caller = new TestAgent();
        host = await RunningHost.StartAsync(agent, caller, map: app =>
        {
            app.MapHttpMessageSignaturesDirectory().RequireSageFeature(SageFeatures.WebBotAuth);
            app.MapGet("/docs", () => "how to").RequireSageFeature(SageFeatures.ApiDocs);
            app.MapGet("/docs/private", () => "how to").RequireAuthorization().RequireSageFeature(SageFeatures.ApiDocs);
            app.MapGet("/offer", () => "an offer").SignHttpResponse();
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        caller.Dispose();
        agent.Dispose();
    }

    [Test]
    public async Task Cookies_are_asked_for_while_the_switch_is_on()
    {
        using Caller asking = new(caller, agent);

        int before = await asking.HandshakeAsync();
        host.Settings.Change(("Sage:Features:RequireCookie", "true"));
        int during = await asking.HandshakeAsync();
        host.Settings.Change(("Sage:Features:RequireCookie", "false"));
        int after = await asking.HandshakeAsync();

        Assert.That((before, during, after), Is.EqualTo((1, 2, 1)), "envelopes of a handshake");
    }

    [Test]
    public async Task Responses_are_signed_while_the_switch_is_on()
    {
        HttpMessageVerifier verifier = new(new AgentKeyResolver(new InMemoryAgentRegistry([agent.Record])));
        using HttpClient http = new(new HttpVerifyingHandler(verifier, new HttpVerifyingHandlerOptions { ExpectedSubject = agent.Did.Value })
        {
            InnerHandler = new SocketsHttpHandler(),
        })
        {
            BaseAddress = host.Http.BaseAddress,
        };

        string before = await http.GetStringAsync("/offer");
        host.Settings.Change(("Sage:Features:ResponseSigning", "false"));
        SignatureException? during = Assert.ThrowsAsync<SignatureException>(async () => await http.GetStringAsync("/offer"));
        string unsigned = await host.Http.GetStringAsync("/offer");
        host.Settings.Change(("Sage:Features:ResponseSigning", null));
        string after = await http.GetStringAsync("/offer");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before, unsigned, after), Is.EqualTo(("an offer", "an offer", "an offer")));
            Assert.That(during!.Error, Is.EqualTo(SignatureError.NotSigned));
        }
    }

    [TestCase(SageFeatures.WebBotAuth, KeyDirectory.WellKnownPath)]
    [TestCase(SageFeatures.ApiDocs, "/docs")]
    public async Task Endpoints_of_a_feature_exist_while_the_switch_is_on(string feature, string path)
    {
        HttpStatusCode before = await host.StatusAsync(path);
        host.Settings.Change(($"Sage:Features:{feature}", "true"));
        HttpStatusCode during = await host.StatusAsync(path);
        host.Settings.Change(($"Sage:Features:{feature}", "false"));
        HttpStatusCode after = await host.StatusAsync(path);

        Assert.That((before, during, after), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task Authentication_does_not_give_away_an_endpoint_that_is_off()
    {
        HttpStatusCode before = await host.StatusAsync("/docs/private");
        host.Settings.Change(("Sage:Features:ApiDocs", "true"));
        HttpStatusCode during = await host.StatusAsync("/docs/private");

        Assert.That((before, during), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public void A_feature_that_does_not_exist_is_refused()
    {
        SageFeatures features = (SageFeatures)host.App.Services.GetService(typeof(SageFeatures))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => features.IsEnabled("ApiDoc"), Throws.InstanceOf<FeatureManagementException>());
            Assert.That(() => host.App.MapGet("/x", () => "").RequireSageFeature("ApiDoc"), Throws.ArgumentException);
        }
    }
}
