using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Session.Tests.Endpoints;
using Sage.Tests.Contracts;

namespace Sage.AspNetCore.Tests.Health;

/// <summary>What the health endpoints tell about parts that work and parts that do not.</summary>
[TestFixture]
internal sealed class HealthTests
{
    private const string Canary = "Host=db;Password=canary-7f1c";

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());

    [Test]
    public async Task An_agent_whose_parts_work_is_ready()
    {
        using TestAgent agent = new();
        TestDirectory directory = new(time);
        directory.Publish(agent);
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IDidResolver>(directory)
            .AddSingleton<ISessionStore>(new MemorySessionStore(time)).AddSage().AddAgent(agent.Local));

        Report report = await AskAsync(app);

        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(report.Checks, Is.EqualTo(new Dictionary<string, string>
        {
            ["sage.registry"] = "Healthy",
            ["sage.keys"] = "Healthy",
            ["sage.nonces"] = "Healthy",
            ["sage.sessions"] = "Healthy",
        }));
    }

    [Test]
    public async Task A_part_that_is_not_there_is_not_asked()
    {
        await using WebApplication app = await StartAsync(services => services.AddSage());

        Assert.That((await AskAsync(app)).Checks.Keys, Is.EqualTo(["sage.nonces"]));
    }

    [Test]
    public async Task A_registry_file_that_cannot_be_read_is_unhealthy_and_one_that_was_mended_is_healthy()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-health-");
        try
        {
            string path = Path.Combine(folder.FullName, "agents.json");
            File.WriteAllText(path, "{ this is no registry");
            using TestAgent agent = new();
            await using WebApplication app = await StartAsync(services => services.AddSage().AddAgent(agent.Local).AddFileRegistry(path));
            Assert.That((await AskAsync(app)).Checks["sage.registry"], Is.EqualTo("Unhealthy"));

            File.Delete(path);
            time.Advance(TimeSpan.FromSeconds(6));

            // The registry answers again, but does not know this agent.
            Report report = await AskAsync(app);
            Assert.That(report.Checks["sage.registry"], Is.EqualTo("Degraded"));
            Assert.That(report.Status, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task An_old_answer_of_the_registry_is_degraded()
    {
        using TestAgent agent = new();
        TestDirectory directory = new(time) { Age = TimeSpan.FromMinutes(6) };
        directory.Publish(agent);
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IDidResolver>(directory).AddSage().AddAgent(agent.Local));

        Assert.That((await AskAsync(app)).Checks["sage.registry"], Is.EqualTo("Degraded"));
    }

    [Test]
    public async Task A_registry_that_hangs_is_unhealthy_and_is_not_asked_twice_at_once()
    {
        using TestAgent agent = new();
        TaskCompletionSource gate = new();
        HangingResolver resolver = new(gate.Task);
        await using WebApplication app = await StartAsync(
            services => services.AddSingleton<IDidResolver>(resolver).AddSage().AddAgent(agent.Local), options => options.Timeout = TimeSpan.FromMilliseconds(50), TimeProvider.System);

        Assert.That((await AskAsync(app)).Checks["sage.registry"], Is.EqualTo("Unhealthy"));
        Assert.That((await AskAsync(app)).Checks["sage.registry"], Is.EqualTo("Unhealthy"));
        Assert.That(resolver.Calls, Is.EqualTo(1));
        gate.SetResult();
    }

    [Test]
    public async Task A_key_store_with_another_passphrase_is_unhealthy()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-health-");
        try
        {
            string path = Path.Combine(folder.FullName, "keys.json");
            string passphrase = Path.Combine(folder.FullName, "passphrase");
            using (EncryptedFileKeyStore keys = await EncryptedFileKeyStore.CreateAsync(path, "right"u8.ToArray()))
            {
                using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
                await keys.AddAsync("signing", key);
            }

            File.WriteAllText(passphrase, "wrong");
            await using WebApplication app = await StartAsync(
                services =>
                {
                    services.AddSage().AddKeyStoreFile(path, passphrase).AddAgentFromKeyStore("signing");
                    services.Configure<SageOptions>(options => options.Did = "did:sage:ethereum:0x1234567890123456789012345678901234567890");
                },
                options => options.Timeout = TimeSpan.FromMinutes(1));
            Assert.That((await AskAsync(app)).Checks["sage.keys"], Is.EqualTo("Unhealthy"));

            File.WriteAllText(passphrase, "right");
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.That((await AskAsync(app)).Checks["sage.keys"], Is.EqualTo("Healthy"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_nonce_store_without_room_is_unhealthy()
    {
        InMemoryNonceStore nonces = new(time, capacity: 10);
        for (int i = 0; i < 10; i++)
        {
            await nonces.TryConsumeAsync($"scope {i}", "nonce", time.GetUtcNow() + TimeSpan.FromHours(1));
        }

        await using WebApplication app = await StartAsync(services => services.AddSingleton<INonceStore>(nonces).AddSage());

        Report report = await AskAsync(app);
        Assert.That(report.Checks["sage.nonces"], Is.EqualTo("Unhealthy"));
        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Why_a_part_fails_is_neither_in_the_answer_nor_in_the_log()
    {
        using TestAgent agent = new();
        CapturingLoggerFactory logs = new();
        TestDirectory directory = new(time) { Failure = new InvalidOperationException(Canary) };
        await using WebApplication app = await StartAsync(services => services.AddSingleton<ILoggerFactory>(logs)
            .AddSingleton<IDidResolver>(directory).AddSage().AddAgent(agent.Local));

        Report report = await AskAsync(app);

        Assert.That(report.Checks["sage.registry"], Is.EqualTo("Unhealthy"));
        Assert.That(report.Body, Does.Not.Contain("canary").And.Not.Contain(nameof(InvalidOperationException)));
        Assert.That(logs.All, Does.Contain("sage.registry").And.Not.Contain("canary"));
    }

    [Test]
    public async Task The_process_lives_while_its_parts_fail()
    {
        using TestAgent agent = new();
        TestDirectory directory = new(time) { Failure = new InvalidOperationException(Canary) };
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IDidResolver>(directory).AddSage().AddAgent(agent.Local));

        Report report = await AskAsync(app, "/health/live");

        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(report.Checks, Is.Empty);
        Assert.That(directory.Lookups, Is.Zero);
    }

    [Test]
    public async Task Many_probes_are_one_question()
    {
        using TestAgent agent = new();
        TestDirectory directory = new(time);
        directory.Publish(agent);
        await using WebApplication app = await StartAsync(services => services.AddSingleton<IDidResolver>(directory).AddSage().AddAgent(agent.Local));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(app)));
        Assert.That(directory.Lookups, Is.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(6));
        await AskAsync(app);
        Assert.That(directory.Lookups, Is.EqualTo(2));
    }

    [Test]
    public void A_time_out_of_range_stops_the_start() =>
        Assert.That(async () => await StartAsync(services => services.AddSage(), options => options.Timeout = TimeSpan.Zero), Throws.InstanceOf<OptionsValidationException>());

    private async Task<WebApplication> StartAsync(Action<IServiceCollection> configure, Action<SageHealthOptions>? health = null, TimeProvider? clock = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? time);
        builder.Services.AddHealthChecks().AddSage(options =>
        {
            // Time stands still unless a test moves it.
            options.CacheFor = clock is null ? TimeSpan.FromSeconds(5) : TimeSpan.Zero;
            health?.Invoke(options);
        });
        configure(builder.Services);
        WebApplication app = builder.Build();
        app.MapSageHealth();
        await app.StartAsync();
        return app;
    }

    private static async Task<Report> AskAsync(WebApplication app, string path = "/health/ready")
    {
        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(new Uri(app.Urls.First() + path));
        string body = await response.Content.ReadAsStringAsync();
        using JsonDocument json = JsonDocument.Parse(body);
        Dictionary<string, string> checks = json.RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString()!);
        return new Report(response.StatusCode, checks, body);
    }

    private sealed record Report(HttpStatusCode Status, Dictionary<string, string> Checks, string Body);

    /// <summary>Notices no cancellation.</summary>
    private sealed class HangingResolver(Task gate) : IDidResolver
    {
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public async ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref calls);
            await gate;
            throw new InvalidOperationException();
        }
    }
}
