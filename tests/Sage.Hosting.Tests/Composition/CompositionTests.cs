using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Hosting.Tests.Support;
using Sage.HttpSignatures;
using Sage.PostgreSql;
using Sage.Redis;
using Sage.Session;
using Sage.Sqlite;

namespace Sage.Hosting.Tests.Composition;

/// <summary>What each kind of setting registers.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class CompositionTests
{
    private const string Variable = "Sage__Store__Kind";

    [TearDown]
    public void Unset() => Environment.SetEnvironmentVariable(Variable, null);

    [Test]
    public async Task The_smallest_configuration_starts_in_production()
    {
        await using WebApplication app = Build(Identity.Settings);
        await app.StartAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetRequiredService<LocalAgent>().Did.Value, Is.EqualTo(Identity.Did));
            Assert.That(app.Services.GetRequiredService<IAgentRegistry>(), Is.InstanceOf<InMemoryAgentRegistry>());
            Assert.That(app.Services.GetRequiredService<INonceStore>(), Is.InstanceOf<InMemoryNonceStore>());
            Assert.That(app.Services.GetService<ISessionStore>(), Is.Null);
            Assert.That(app.Services.GetRequiredService<SessionListener>().MaxBodySize, Is.EqualTo(1024 * 1024));
            Assert.That(app.Services.GetRequiredService<HttpMessageSigner>(), Is.Not.Null);
            Assert.That(app.Services.GetRequiredService<HttpMessageVerifier>(), Is.Not.Null);
        }

        await app.StopAsync();
    }

    [Test]
    public async Task In_development_a_host_starts_without_an_identity()
    {
        await using WebApplication app = Build(new Dictionary<string, string?> { ["Sage:Sessions:AcceptAnyone"] = "true" }, "Development");

        await app.StartAsync();
        await app.StopAsync();
    }

    [Test]
    public async Task Settings_reach_what_they_are_about()
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:Sessions:Timeout"] = "00:00:03";
        settings["Sage:Sessions:HandshakesPerSecondPerDid"] = "7";
        settings["Sage:Sessions:Endpoints:AllowLoopback"] = "true";
        settings["Sage:HttpSignatures:Policy"] = "sage";
        settings["Sage:HttpSignatures:MaxAge"] = "00:01:00";
        settings["Sage:HttpSignatures:PublicOrigin"] = "https://agents.example/a";
        settings["Sage:Limits:MaxConnections"] = "77";
        settings["Sage:Limits:HeadersTimeout"] = "00:00:05";
        settings["Sage:Limits:ShutdownTimeout"] = "00:00:09";
        await using WebApplication app = Build(settings);
        AgentSessionOptions sessions = app.Services.GetRequiredService<IOptions<AgentSessionOptions>>().Value;
        HttpSignatureOptions signatures = app.Services.GetRequiredService<IOptionsMonitor<HttpSignatureOptions>>().Get(HttpSignatureDefaults.AuthenticationScheme);
        KestrelServerOptions kestrel = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((sessions.Timeout, sessions.HandshakesPerSecondPerDid, sessions.Endpoints.AllowLoopback, sessions.Endpoints.AllowHttp), Is.EqualTo((TimeSpan.FromSeconds(3), 7, true, false)));
            Assert.That((signatures.Policy.Name, signatures.Policy.MaxAge, signatures.Policy.MaxClockSkew), Is.EqualTo(("sage", TimeSpan.FromMinutes(1), SignaturePolicy.Sage.MaxClockSkew)));
            Assert.That(signatures.PublicOrigin, Is.EqualTo(new Uri("https://agents.example/a")));
            Assert.That((kestrel.Limits.MaxConcurrentConnections, kestrel.Limits.RequestHeadersTimeout), Is.EqualTo((77L, TimeSpan.FromSeconds(5))));
            Assert.That(app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(9)));
        }
    }

    [Test]
    public async Task A_registry_file_is_the_registry()
    {
        await using WebApplication app = Build(With(("Sage:Registry:Kind", "File"), ("Sage:Registry:Path", Identity.PathOf("agents.json"))));

        Assert.That(app.Services.GetRequiredService<IAgentRegistry>(), Is.InstanceOf<FileAgentRegistry>());
    }

    [TestCase("false", false)]
    [TestCase("true", true)]
    public async Task A_chain_is_asked_or_mirrored(string mirror, bool isMirror)
    {
        await using WebApplication app = Build(With(
            ("Sage:Registry:Chains:0:ChainId", "31337"),
            ("Sage:Registry:Chains:0:Identity", "0x5fbdb2315678afecb367f032d93f642f64180aa3"),
            ("Sage:Registry:Chains:0:KeyRegistry", "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"),
            ("Sage:Registry:Chains:0:Endpoints:0", "http://127.0.0.1:1"),
            ("Sage:Registry:Chains:0:Mirror", mirror)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetService<RegistryMirror>(), isMirror ? Is.Not.Null : Is.Null);
            Assert.That(app.Services.GetRequiredService<IDidResolver>(), Is.InstanceOf<DidResolverChain>());
        }
    }

    [Test]
    public async Task A_database_file_keeps_sessions_and_nonces()
    {
        await using WebApplication app = Build(With(("Sage:Store:Kind", "Sqlite"), ("Sage:Store:Path", Identity.PathOf("all.db"))));
        SqliteDatabase database = app.Services.GetRequiredService<SqliteDatabase>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetRequiredService<ISessionStore>(), Is.SameAs(database.Sessions));
            Assert.That(app.Services.GetRequiredService<INonceStore>(), Is.SameAs(database.Nonces));
            Assert.That(app.Services.GetRequiredService<IOptions<AgentSessionOptions>>().Value.StateKey, Is.EqualTo("state"));
        }
    }

    [Test]
    public async Task Nonces_can_be_kept_where_sessions_are_not()
    {
        await using WebApplication app = Build(With(("Sage:Nonces:Kind", "Sqlite"), ("Sage:Nonces:Path", Identity.PathOf("nonces.db"))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetRequiredService<INonceStore>(), Is.SameAs(app.Services.GetRequiredService<SqliteDatabase>().Nonces));
            Assert.That(app.Services.GetService<ISessionStore>(), Is.Null);
        }
    }

    [Test]
    public async Task Sessions_and_nonces_can_be_kept_in_different_databases()
    {
        string reference = "file:" + Identity.Write("pg", "Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d\n"u8);
        await using WebApplication app = Build(With(
            ("Sage:Store:Kind", "Sqlite"), ("Sage:Store:Path", Identity.PathOf("sessions.db")), ("Sage:Nonces:Kind", "PostgreSql"), ("Sage:Nonces:ConnectionString", reference)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetRequiredService<ISessionStore>(), Is.SameAs(app.Services.GetRequiredService<SqliteDatabase>().Sessions));
            Assert.That(app.Services.GetRequiredService<INonceStore>(), Is.SameAs(app.Services.GetRequiredService<PostgreSqlDatabase>().Nonces));
        }
    }

    [TestCase("Memory")]
    [TestCase("Sqlite")]
    public async Task Nonces_can_be_shared_in_redis(string store)
    {
        string reference = "file:" + Identity.Write("redis", "127.0.0.1:1,password=p"u8);
        Dictionary<string, string?> settings = With(("Sage:Store:Kind", store), ("Sage:Nonces:Kind", "Redis"), ("Sage:Nonces:ConnectionString", reference), ("Sage:Nonces:Capacity", "1000"));
        if (store == "Sqlite")
        {
            settings["Sage:Store:Path"] = Identity.PathOf("beside-redis.db");
        }

        await using WebApplication app = Build(settings);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(app.Services.GetRequiredService<INonceStore>(), Is.InstanceOf<RedisNonceStore>());
            Assert.That(app.Services.GetService<ISessionStore>(), store == "Memory" ? Is.Null : Is.Not.Null);
        }
    }

    [Test]
    public async Task An_environment_variable_is_a_setting()
    {
        Environment.SetEnvironmentVariable(Variable, "Sqlite");
        WebApplicationBuilder builder = HostBuilding.Builder(With(("Sage:Store:Path", Identity.PathOf("variable.db"))));
        builder.Configuration.AddEnvironmentVariables();
        builder.AddSageHost();
        await using WebApplication app = builder.Build();

        Assert.That(app.Services.GetRequiredService<ISessionStore>(), Is.SameAs(app.Services.GetRequiredService<SqliteDatabase>().Sessions));
    }

    [Test]
    public async Task What_the_application_registered_stays()
    {
        using HostedAgent agent = await HostedAgent.CreateAsync();
        WebApplicationBuilder builder = HostBuilding.Builder([new("Sage:Did", agent.Did.Value), new("Sage:Sessions:AcceptAnyone", "true")]);
        builder.Services.AddSingleton<IKeyStore>(agent.Keys);
        builder.AddSageHost();
        await using WebApplication app = builder.Build();
        await app.StartAsync();

        Assert.That(app.Services.GetRequiredService<IKeyStore>(), Is.SameAs(agent.Keys));
        await app.StopAsync();
    }

    private static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings, string environment = "Production")
    {
        WebApplicationBuilder builder = HostBuilding.Builder(settings, environment: environment);
        builder.AddSageHost();
        return builder.Build();
    }

    private static Dictionary<string, string?> With(params (string Key, string? Value)[] settings)
    {
        Dictionary<string, string?> all = Identity.Settings;
        foreach ((string key, string? value) in settings)
        {
            all[key] = value;
        }

        return all;
    }
}
