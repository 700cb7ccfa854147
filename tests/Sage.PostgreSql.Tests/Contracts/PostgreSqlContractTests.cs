using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests.Contracts;

namespace Sage.PostgreSql.Tests;

/// <summary>The same facts as in memory, upon a server.</summary>
[TestFixture]
public sealed class PostgreSqlNonceStoreContractTests : NonceStoreContract
{
    private Nodes nodes = null!;

    protected override int RaceSize => 2_000;

    protected override DateTimeOffset Now => nodes.Time.GetUtcNow();

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    protected override INonceStore Create(int capacity) => nodes.Open(new PostgreSqlDatabaseOptions { NonceCapacity = capacity }).Nonces;

    protected override void Advance(TimeSpan by) => nodes.Time.Advance(by);
}

/// <summary>Sessions upon a server; the second way to them is a second node.</summary>
[TestFixture]
public sealed class PostgreSqlSessionStoreContractTests : SessionStoreContract
{
    private Nodes nodes = null!;

    protected override DateTimeOffset Now => nodes.Time.GetUtcNow();

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    protected override ISessionStore Create(int capacity = 1000, int capacityPerPeer = 1000) =>
        nodes.Open(new PostgreSqlDatabaseOptions { SessionCapacity = capacity, SessionCapacityPerPeer = capacityPerPeer }).Sessions;

    protected override ISessionStore Connect(ISessionStore store) => nodes.Open().Sessions;

    protected override void Advance(TimeSpan by) => nodes.Time.Advance(by);
}

/// <summary>The mirror of a registry upon a server.</summary>
[TestFixture]
public sealed class PostgreSqlMirrorStoreContractTests : RegistryMirrorStoreContract
{
    private Nodes nodes = null!;

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    protected override IRegistryMirrorStore Create() => nodes.Open().Mirror;

    protected override IRegistryMirrorStore Connect(IRegistryMirrorStore store) => nodes.Open().Mirror;
}
