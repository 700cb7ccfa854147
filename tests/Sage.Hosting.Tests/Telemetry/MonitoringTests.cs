using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sage.Did;
using Sage.Session;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>Whether alerts and dashboard ask for what a host really exposes.</summary>
[TestFixture]
internal sealed class MonitoringTests
{
    private readonly InMemoryAgentRegistry registry = new();
    private ExposedMetrics exposed = null!;

    [OneTimeSetUp]
    public async Task RunAsync()
    {
        await using MonitoredAgent callee = await MonitoredAgent.StartAsync(registry, [("Telemetry:Prometheus", "true"), .. Chain(0, "false"), .. Chain(1, "true")]);
        await using MonitoredAgent caller = await MonitoredAgent.StartAsync(registry);
        using HttpClient client = new();
        await using (AgentSession session = await caller.Services.GetRequiredService<SessionClient>().OpenAsync(callee.Did))
        {
            await session.RequestAsync("hello"u8.ToArray());
        }

        Uri whoami = new(callee.Url, "/whoami");
        using HttpRequestMessage signed = await caller.SignAsync(whoami);
        Assert.That(await StatusAsync(client, signed), Is.EqualTo(HttpStatusCode.OK));
        using HttpRequestMessage again = Copy(signed, whoami);
        Assert.That(await StatusAsync(client, again), Is.EqualTo(HttpStatusCode.Unauthorized));
        using HttpRequestMessage elsewhere = Copy(signed, new Uri(callee.Url, "/whoami?other"));
        Assert.That(await StatusAsync(client, elsewhere), Is.EqualTo(HttpStatusCode.Unauthorized));
        AgentDid unknown = AgentDid.Parse("did:sage:ethereum:0x00000000000000000000000000000000000000aa");
        Assert.That(async () => await caller.Services.GetRequiredService<SessionClient>().OpenAsync(unknown), Throws.InstanceOf<SessionException>());
        using HttpResponseMessage ready = await client.GetAsync(new Uri(callee.Url, "/health/ready"));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        exposed = new ExposedMetrics(await client.GetStringAsync(new Uri(callee.Url, "/metrics")));
    }

    [Test]
    public void A_run_is_counted_for_what_it_was()
    {
        Assert.That(exposed.Text, Does.Match("sage_http_signature_verify_duration_seconds_count\\{[^}]*error_type=\"replayed\""));
        Assert.That(exposed.Text, Does.Match("sage_http_signature_verify_duration_seconds_count\\{[^}]*error_type=\"bad_signature\""));
        Assert.That(exposed.Text, Does.Match("sage_did_resolve_duration_seconds_count\\{[^}]*error_type=\"not_found\""));
    }

    [Test]
    public void Nothing_exposed_tells_who_called() => Assert.That(exposed.Text, Does.Not.Contain("did:sage"));

    [TestCase("deploy/prometheus/rules.yml", 6)]
    [TestCase("deploy/grafana/dashboard.json", 15)]
    public void Every_query_asks_for_what_is_exposed(string file, int atLeast)
    {
        string[] queries = [.. QueryFiles.Read(file)];

        Assert.That(queries, Has.Length.GreaterThanOrEqualTo(atLeast));
        Assert.That(queries.SelectMany(exposed.Unknown), Is.Empty);
    }

    [TestCase("sum(rate(sage_nothing_total[5m]))", "sage_nothing_total")]
    [TestCase("sum(rate(sage_session_messages_total{peer=\"x\"}[5m]))", "peer")]
    [TestCase("sum by (peer) (sage_session_active)", "peer")]
    public void A_name_that_nobody_exposes_is_found(string query, string name) => Assert.That(exposed.Unknown(query), Has.Some.Contains(name));

    [Test]
    public async Task Without_the_setting_nothing_is_exposed()
    {
        await using MonitoredAgent agent = await MonitoredAgent.StartAsync(registry);
        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(new Uri(agent.Url, "/metrics"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    // Nobody answers there; how long ago is what the gauges tell.
    private static (string, string)[] Chain(int index, string mirror) =>
    [
        ($"Registry:Chains:{index}:ChainId", $"{31337 + index}"),
        ($"Registry:Chains:{index}:Identity", "0x5fbdb2315678afecb367f032d93f642f64180aa3"),
        ($"Registry:Chains:{index}:KeyRegistry", "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"),
        ($"Registry:Chains:{index}:Endpoints:0", "http://127.0.0.1:1"),
        ($"Registry:Chains:{index}:Mirror", mirror),
    ];

    private static HttpRequestMessage Copy(HttpRequestMessage request, Uri url)
    {
        HttpRequestMessage copy = new(request.Method, url);
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        return copy;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
