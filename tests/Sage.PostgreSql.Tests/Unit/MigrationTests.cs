using System.Globalization;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.Tests.Contracts;

namespace Sage.PostgreSql.Tests;

[TestFixture]
internal sealed class MigrationTests : MigrationContract
{
    private static readonly IReadOnlyList<MigrationScript> Shipped = MigrationScript.LoadAll(typeof(PostgreSqlDatabase).Assembly);

    private Nodes nodes = null!;

    protected override IReadOnlyList<MigrationScript> Scripts => Shipped;

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    [Test]
    public async Task A_schema_made_by_a_role_with_few_rights_is_enough_to_run()
    {
        await nodes.Open().PingAsync();
        await nodes.SqlAsync(
            """
            CREATE ROLE node LOGIN PASSWORD 'node';
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO node;
            """);
        string connectionString = new Npgsql.NpgsqlConnectionStringBuilder(nodes.ConnectionString) { Username = "node", Password = "node" }.ToString();
        await using PostgreSqlDatabase node = PostgreSqlDatabase.Create(connectionString, new PostgreSqlDatabaseOptions { MigrateAtStart = false }, nodes.Time);

        await node.PrepareAsync(default);
        Assert.That(await node.Nonces.TryConsumeAsync("s", "n", nodes.Time.GetUtcNow().AddMinutes(1)), Is.EqualTo(NonceResult.Accepted));
        await node.RemoveExpiredAsync(default);
        await nodes.SqlAsync("DROP OWNED BY node; DROP ROLE node");
    }

    protected override IMigratedDatabase Open(IEnumerable<MigrationScript> scripts) => new Migrated(nodes.Open([.. scripts]));

    protected override async Task ResetAsync()
    {
        await nodes.DisposeAsync();
        nodes = await Nodes.CreateAsync();
    }

    protected override Task<long> CountTablesAsync(string name) => AskAsync($"SELECT count(*) FROM pg_class WHERE relname = '{name}'");

    protected override Task<long> CountRowsAsync(string table) => AskAsync($"SELECT count(*) FROM {table}");

    private async Task<long> AskAsync(string text) => Convert.ToInt64(await nodes.SqlAsync(text), CultureInfo.InvariantCulture);

    private sealed class Migrated(PostgreSqlDatabase database) : IMigratedDatabase
    {
        public INonceStore Nonces => database.Nonces;

        public IRegistryMirrorStore Mirror => database.Mirror;

        public Task<int> MigrateAsync() => database.MigrateAsync();

        public Task<IReadOnlyList<string>> GetPendingMigrationsAsync() => database.GetPendingMigrationsAsync();

        public Task PingAsync() => database.PingAsync();
    }
}
