using System.Text;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>One agent on two nodes, as docs/operations/deployment.md has it: one PostgreSQL, one Redis, one key store, one registry file.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-nodes-");
    private readonly Peer[] peers = [.. Enumerable.Range(0, 4).Select(_ => new Peer())];

    private Dictionary<string, string> settings = [];

    private Cluster(PostgresServer postgres, RedisServer redis, Ledger ledger)
    {
        Postgres = postgres;
        Redis = redis;
        Ledger = ledger;
    }

    public PostgresServer Postgres { get; }

    public RedisServer Redis { get; }

    public Ledger Ledger { get; }

    public NodeProcess A { get; private set; } = null!;

    public NodeProcess B { get; private set; } = null!;

    /// <summary>The record of the agent that the nodes are.</summary>
    public AgentRecord Record { get; private set; } = null!;

    public string Database { get; private set; } = "";

    /// <summary>Starts the servers, and then both nodes at the same time upon an empty database.</summary>
    public static async Task<Cluster> StartAsync()
    {
        PostgresServer postgres = await PostgresServer.StartAsync();
        RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        Cluster cluster = new(postgres, redis, await Ledger.StartAsync());
        await cluster.StartNodesAsync();
        return cluster;
    }

    /// <summary>One more node, not started, with a setting more.</summary>
    public NodeProcess Another(string key, string value) => new(new Dictionary<string, string>(settings) { [key] = value });

    /// <summary>One of the agents that talk to this one.</summary>
    public LocalAgent Peer(int index) => peers[index % peers.Length].Local;

    public SessionClient Client(int index, ISessionTransport transport) => new(
        Peer(index), new InMemoryAgentRegistry([Record]), transport, new AgentSessionOptions { Endpoints = new EndpointPolicy { AllowLoopback = true, AllowHttp = true } });

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await Ledger.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        Array.ForEach(peers, peer => peer.Dispose());
        folder.Delete(recursive: true);
    }

    private async Task StartNodesAsync()
    {
        byte[] passphrase = "a passphrase of tests"u8.ToArray();
        Database = await Postgres.CreateDatabaseAsync();
        string keys = Path.Combine(folder.FullName, "keys.json");
        FileAgentRegistry registry = new(Path.Combine(folder.FullName, "agents.json"));
        Record = await CreateAgentAsync(keys, passphrase, registry);
        foreach (Peer peer in peers)
        {
            await peer.RegisterAsync(registry);
        }

        settings = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Sage__Did"] = Record.Did.Value,
            ["Sage__KeyStore__Path"] = keys,
            ["Sage__KeyStore__PassphraseFile"] = Write("passphrase", passphrase),
            ["Sage__Registry__Kind"] = "File",
            ["Sage__Registry__Path"] = Path.Combine(folder.FullName, "agents.json"),
            ["Sage__Store__Kind"] = "PostgreSql",
            ["Sage__Store__ConnectionString"] = "file:" + Write("postgres", Encoding.UTF8.GetBytes(Database)),
            ["Sage__Nonces__Kind"] = "Redis",
            ["Sage__Nonces__ConnectionString"] = "file:" + Write("redis", Encoding.UTF8.GetBytes(Redis.Configuration)),
            ["Sage__Application__Endpoint"] = Ledger.Address,
            ["Sage__Limits__RequestsPerSecondPerAddress"] = "1000000",
        };
        for (int i = 0; i < peers.Length; i++)
        {
            settings[$"Sage__Sessions__Accept__{i}"] = peers[i].Did.Value;
        }

        A = new NodeProcess(settings);
        B = new NodeProcess(settings);
        await Task.WhenAll(A.StartAsync(), B.StartAsync());
    }

    private static async Task<AgentRecord> CreateAgentAsync(string path, byte[] passphrase, FileAgentRegistry registry)
    {
        using EncryptedFileKeyStore keys = await EncryptedFileKeyStore.CreateAsync(path, passphrase);
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey state = PrivateKey.Generate(KeyAlgorithm.X25519);
        await keys.AddAsync("signing", signing);
        await keys.AddAsync("agreement", agreement);
        await keys.AddAsync("state", state);
        AgentDid did = SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress());
        AgentRecord record = new()
        {
            Did = did,
            Name = "two nodes",
            Endpoint = "http://127.0.0.1",
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, TimeProvider.System.GetUtcNow())],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        Assert.That(await registry.RegisterAsync(record, new KeySigner(owner)), Is.EqualTo(RegistryWriteResult.Written));
        return record;
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
