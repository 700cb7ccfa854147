using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.PostgreSql.Tests;

/// <summary>What two nodes upon one database do to each other.</summary>
[TestFixture]
internal sealed class NodesTests
{
    private Nodes nodes = null!;

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    [Test]
    public async Task Of_two_nodes_one_accepts_a_nonce_and_a_scope_never_gets_more_than_its_tenth()
    {
        PostgreSqlDatabase[] both = [nodes.Open(Options()), nodes.Open(Options())];
        DateTimeOffset until = nodes.Time.GetUtcNow().AddMinutes(5);

        NonceResult[] results = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => both[i % 2].Nonces.TryConsumeAsync("scope", $"{i / 4}", until).AsTask())));

        Assert.That(results.Count(result => result == NonceResult.Accepted), Is.EqualTo(50));
        Assert.That(await nodes.SqlAsync("SELECT count(*) FROM sage_nonces"), Is.EqualTo(50L));
        Assert.That(await nodes.SqlAsync("SELECT live FROM sage_nonce_scopes"), Is.EqualTo(50L));
        Assert.That(await both[0].Nonces.TryConsumeAsync("other", "1", until), Is.EqualTo(NonceResult.Accepted));

        static PostgreSqlDatabaseOptions Options() => new() { NonceCapacity = 500 };
    }

    [Test]
    public async Task Adding_expiring_and_removing_at_once_never_deadlocks_and_leaves_true_counts()
    {
        PostgreSqlDatabase[] both = [nodes.Open(), nodes.Open()];
        DateTimeOffset now = nodes.Time.GetUtcNow();
        nodes.Time.Advance(TimeSpan.FromMinutes(10));

        // Half of them are over when they are added.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            PostgreSqlDatabase node = both[worker % 2];
            for (int i = 0; i < 40; i++)
            {
                DateTimeOffset end = i % 2 == 0 ? now : now.AddHours(1);
                await node.Sessions.TryAddAsync(new StoredSession($"{worker}-{i}", AgentDid.Parse($"did:example:{i % 5}"), 1, end, [1]));
                await node.Nonces.TryConsumeAsync($"{i % 5}", $"{worker}-{i}", end);
                if (i % 8 == 0)
                {
                    await node.RemoveExpiredAsync(default);
                }
            }
        })));
        nodes.Time.Advance(TimeSpan.FromMinutes(2));
        await both[0].RemoveExpiredAsync(default);

        Assert.That(await nodes.SqlAsync("SELECT count(*) FROM sage_sessions"), Is.EqualTo(320L));
        Assert.That(await nodes.SqlAsync("SELECT sum(live)::bigint FROM sage_totals WHERE name = 'sessions'"), Is.EqualTo(320L));
        Assert.That(await nodes.SqlAsync("SELECT sum(live)::bigint FROM sage_session_peers"), Is.EqualTo(320L));
        Assert.That(await nodes.SqlAsync("SELECT (SELECT sum(live) FROM sage_totals WHERE name = 'nonces') = (SELECT count(*) FROM sage_nonces)"), Is.True);
        Assert.That(await nodes.SqlAsync("SELECT (SELECT sum(live) FROM sage_nonce_scopes) = (SELECT count(*) FROM sage_nonces)"), Is.True);
    }

    [TestCase("'; DROP TABLE sage_sessions; --")]
    [TestCase("$1")]
    [TestCase("\\'); DELETE FROM sage_nonces; --")]
    public async Task Text_from_outside_is_never_SQL(string text)
    {
        PostgreSqlDatabase node = nodes.Open();
        DateTimeOffset until = nodes.Time.GetUtcNow().AddMinutes(5);
        string id = text.Replace(' ', '/');
        await node.Sessions.TryAddAsync(new StoredSession(id, AgentDid.Parse("did:a:b"), 1, until, [1]));
        await node.Mirror.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(AgentDid.Parse("did:a:b"), [1], id)]);

        Assert.That(await node.Nonces.TryConsumeAsync(text, text, until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await node.Nonces.TryConsumeAsync(text, text, until), Is.EqualTo(NonceResult.Replayed));
        Assert.That((await node.Sessions.FindAsync(id))!.Id, Is.EqualTo(id));
        Assert.That(await node.Sessions.RemoveAsync(id), Is.True);
    }

    [Test]
    public async Task Commits_that_a_crash_may_forget_are_refused_at_the_start()
    {
        PostgreSqlDatabase node = nodes.Open();
        await node.PrepareAsync(default);
        await nodes.SqlAsync($"ALTER DATABASE {new Npgsql.NpgsqlConnectionStringBuilder(nodes.ConnectionString).Database} SET synchronous_commit = off");

        PostgreSqlDatabase next = nodes.Open();
        Assert.That(async () => await next.PrepareAsync(default), Throws.InvalidOperationException.With.Message.Contains("synchronous_commit"));
    }

    [Test]
    public void A_host_that_may_not_migrate_says_what_is_missing()
    {
        PostgreSqlDatabase node = nodes.Open(new PostgreSqlDatabaseOptions { MigrateAtStart = false }, migrate: false);

        Assert.That(async () => await node.PrepareAsync(default), Throws.InvalidOperationException.With.Message.Contains("0001-nonces-and-sessions"));
    }

    [TestCase("postgres://user:secret-word@host/db")]
    [TestCase("Host=h;Pass word=secret-word")]
    [TestCase("Host=h;Password=x;secret-word")]
    [TestCase("Host=h;Port=secret-word")]
    public void A_connection_string_that_cannot_be_read_is_not_repeated(string connectionString)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => PostgreSqlDatabase.Create(connectionString))!;
        Assert.That(failure.ToString(), Does.Not.Contain("secret-word"));
    }
}
