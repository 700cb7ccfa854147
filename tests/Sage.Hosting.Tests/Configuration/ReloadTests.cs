using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.Hosting.Tests.Support;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Configuration;

/// <summary>What a change of the configuration does to a host that runs.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ReloadTests
{
    private HostedAgent agent = null!;
    private TestAgent caller = null!;
    private RunningHost host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        agent = await HostedAgent.CreateAsync();
        caller = new TestAgent();
        host = await RunningHost.StartAsync(agent, caller);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        caller.Dispose();
        agent.Dispose();
    }

    [Test]
    public async Task The_list_of_those_who_may_open_sessions_counts_at_once()
    {
        using Caller asking = new(caller, agent);
        Assert.That(await asking.HandshakeAsync(), Is.EqualTo(1));

        host.Settings.Change(("Sage:Sessions:AcceptAnyone", null), ("Sage:Sessions:Accept:0", agent.Did.Value));
        Assert.That(asking.HandshakeAsync, Throws.InstanceOf<SessionException>());

        host.Settings.Change(("Sage:Sessions:Accept:1", caller.Did.Value));
        Assert.That(await asking.HandshakeAsync(), Is.EqualTo(1));
        Assert.That(Entries(9000), Has.Some.Contains("Sage:Sessions:Accept:0, Sage:Sessions:AcceptAnyone"));
    }

    [Test]
    public void What_needs_a_restart_is_named_in_one_line_without_its_value()
    {
        host.Settings.Change(("Sage:Sessions:MaxSessions", "4242"), ("Sage:Limits:MaxConnections", "4243"), ("Sage:Features:ApiDocs", "true"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Entries(9001), Has.One.Contains("Sage:Limits:MaxConnections, Sage:Sessions:MaxSessions"));
            Assert.That(Entries(9000), Has.One.Contains("Sage:Features:ApiDocs"));
            Assert.That(host.Logs.All, Does.Not.Contain("4242").And.Not.Contain("4243"));
        }
    }

    [Test]
    public void A_configuration_that_is_wrong_changes_nothing_until_it_is_mended()
    {
        SageFeatures features = host.App.Services.GetRequiredService<SageFeatures>();
        host.Settings.Change(("Sage:Features:ApiDocs", "true"), ("Sage:Store:Knd", "canary"), ("Sage:Limits:MaxConnections", "canary"));
        bool during = features.IsEnabled(SageFeatures.ApiDocs);
        host.Settings.Change(("Sage:Store:Knd", null), ("Sage:Limits:MaxConnections", null));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(during, Is.False);
            Assert.That(features.IsEnabled(SageFeatures.ApiDocs), Is.True);
            Assert.That(Entries(9002), Has.One.Contains("did you mean 'Sage:Store:Kind'?").And.One.Contains("'Sage:Limits:MaxConnections' must be a whole number"));
            Assert.That(host.Logs.All, Does.Not.Contain("canary"));
        }
    }

    [Test]
    public void A_reload_without_a_change_says_nothing()
    {
        host.Settings.Change();

        Assert.That(host.Logs.Entries.Select(entry => entry.Id.Id), Has.None.InRange(9000, 9002));
    }

    private IEnumerable<string> Entries(int id) => host.Logs.Entries.Where(entry => entry.Id.Id == id && entry.Level >= LogLevel.Information).Select(entry => entry.Text);
}
