using Sage.Hosting.Tests.Support;
using Sage.Session;
using Sage.Session.Tests.Endpoints;
using Sage.Tests;

namespace Sage.Hosting.Tests.Composition;

/// <summary>A host that is stopped and started again by configuration alone goes on with the sessions it had.</summary>
[TestFixture]
[CancelAfter(180_000)]
internal sealed class DurableHostTests
{
    [Test]
    public async Task Sessions_outlive_a_restart_in_a_database_file() =>
        await OutliveAsync(("Sage:Store:Kind", "Sqlite"), ("Sage:Store:Path", Identity.PathOf("durable.db")));

    [Test]
    public async Task Sessions_outlive_a_restart_in_postgresql()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string reference = "file:" + Identity.Write("durable-pg", System.Text.Encoding.UTF8.GetBytes(server.ConnectionString()));

        await OutliveAsync(("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", reference));
    }

    [Test]
    public async Task Sessions_outlive_a_restart_in_postgresql_with_nonces_in_redis()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using RedisServer redis = await RedisServer.StartAsync();
        string connection = "file:" + Identity.Write("durable-pg", System.Text.Encoding.UTF8.GetBytes(server.ConnectionString()));
        string nonces = "file:" + Identity.Write("durable-redis", System.Text.Encoding.UTF8.GetBytes(redis.Configuration));

        await OutliveAsync(
            ("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", connection), ("Sage:Nonces:Kind", "Redis"), ("Sage:Nonces:ConnectionString", nonces));
    }

    private static async Task OutliveAsync(params (string, string?)[] settings)
    {
        using HostedAgent agent = await HostedAgent.CreateAsync();
        using TestAgent self = new();
        using Caller caller = new(self, agent);
        RunningHost first = await RunningHost.StartAsync(agent, self, settings);
        await using AgentSession session = await caller.Client.OpenAsync(agent.Did);
        Assert.That(await Caller.EchoAsync(session, "before"), Is.EqualTo("before"));
        await first.DisposeAsync();

        await using RunningHost second = await RunningHost.StartAsync(agent, self, settings);

        Assert.That(await Caller.EchoAsync(session, "after"), Is.EqualTo("after"));
        Assert.That((Opened(first), Opened(second)), Is.EqualTo((1, 0)), "the session went on, and no other was opened");
    }

    // The event of a session that was opened.
    private static int Opened(RunningHost host) => host.Logs.Entries.Count(entry => entry.Id.Id == 3002);
}
