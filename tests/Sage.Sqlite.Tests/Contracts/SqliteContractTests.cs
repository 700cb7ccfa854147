using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests.Contracts;

namespace Sage.Sqlite.Tests;

/// <summary>The same facts as in memory, upon a file.</summary>
[TestFixture]
public sealed class SqliteNonceStoreContractTests : NonceStoreContract
{
    private SqliteFile file = null!;

    // Each one accepted waits for the disk.
    protected override int RaceSize => 1_000;

    protected override DateTimeOffset Now => file.Time.GetUtcNow();

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    protected override INonceStore Create(int capacity) => file.Open(new SqliteDatabaseOptions { NonceCapacity = capacity }).Nonces;

    protected override void Advance(TimeSpan by) => file.Time.Advance(by);
}

/// <summary>Sessions upon a file.</summary>
[TestFixture]
public sealed class SqliteSessionStoreContractTests : SessionStoreContract
{
    private SqliteFile file = null!;

    protected override DateTimeOffset Now => file.Time.GetUtcNow();

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    protected override ISessionStore Create(int capacity = 1000, int capacityPerPeer = 1000) =>
        file.Open(new SqliteDatabaseOptions { SessionCapacity = capacity, SessionCapacityPerPeer = capacityPerPeer, Timeout = TimeSpan.FromMinutes(1) }).Sessions;

    protected override ISessionStore Connect(ISessionStore store) => file.Open().Sessions;

    protected override void Advance(TimeSpan by) => file.Time.Advance(by);
}

/// <summary>The mirror of a registry upon a file.</summary>
[TestFixture]
public sealed class SqliteMirrorStoreContractTests : RegistryMirrorStoreContract
{
    private SqliteFile file = null!;

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    protected override IRegistryMirrorStore Create() => file.Open().Mirror;

    protected override IRegistryMirrorStore Connect(IRegistryMirrorStore store) => file.Open().Mirror;
}
