using System.Net;
using Npgsql;
using Sage.Tests;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>The page of the deployment does what it says, as far as there is no container in it.</summary>
[TestFixture]
[CancelAfter(240_000)]
internal sealed class DeploymentPageTests
{
    [Test]
    public async Task Who_follows_the_page_has_two_nodes_without_privileges_and_an_agent_that_talks_to_them()
    {
        using PublishedHost published = await PublishedHost.PublishAsync();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-page-");
        Dictionary<string, string> settings = [];
        await using NodeProcess a = new(settings, published);
        await using NodeProcess b = new(settings, published);
        await using Proxy proxy = new();
        DeploymentPage page = new(folder.FullName, proxy.Address);
        await page.PrepareAsync();

        await using RedisServer redis = await RedisServer.StartAsync([.. page.RedisArguments, .. page.Secret("redis.conf").Split(' ').Select((word, i) => i == 0 ? "--" + word : word)]);
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        NpgsqlConnectionStringBuilder written = new(page.Secret("postgres-connection"));
        Assert.That((written.Host, written.Password), Is.EqualTo(("postgres", page.Secret("postgres-password"))));
        page.WriteSecret("postgres-connection", postgres.ConnectionString());
        page.WriteSecret("redis-connection", page.Secret("redis-connection").Replace("redis:6379", redis.Configuration, StringComparison.Ordinal));
        foreach ((string name, string value) in page.NodeSettings())
        {
            settings[name] = value;
        }

        await Task.WhenAll(a.StartAsync(), b.StartAsync());

        await proxy.StartAsync(a.Address, b.Address);

        Assert.That(await page.TalkAsync(), Does.Contain(page.Caller).And.EndsWith("}hello"));
        await InsideStaysInsideAsync(proxy.Address);
        Assert.That(await b.RunAsync("--health"), Is.Zero, "what the container asks");
        Assert.That(await a.StopAsync(), Is.Zero, "what a node ends with that is told to stop");
        Assert.That(await page.TalkAsync(), Does.EndWith("}hello"), "the other node answers for it");
        Assert.That(await b.StopAsync(), Is.Zero);
        Assert.That(await b.RunAsync("--health"), Is.Not.Zero);
        folder.Delete(recursive: true);
    }

    private static async Task InsideStaysInsideAsync(Uri proxy)
    {
        using HttpClient stranger = new() { BaseAddress = proxy };
        foreach (string path in new[] { "/metrics", "/health/ready", "/health/live" })
        {
            using HttpResponseMessage response = await stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }
}
