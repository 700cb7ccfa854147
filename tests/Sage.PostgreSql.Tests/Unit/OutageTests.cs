using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests;

namespace Sage.PostgreSql.Tests;

/// <summary>A server of its own crashes and comes back.</summary>
[TestFixture]
internal sealed class OutageTests
{
    private static readonly AgentDid Peer = AgentDid.Parse("did:example:peer");

    [Test]
    public async Task While_the_server_is_down_everything_is_refused_and_afterwards_nothing_is_lost()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(isDurable: true);
        string connectionString = await server.CreateDatabaseAsync();
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddHours(1);
        await using PostgreSqlDatabase a = PostgreSqlDatabase.Create(connectionString);
        await using PostgreSqlDatabase b = PostgreSqlDatabase.Create(connectionString);
        await a.MigrateAsync();
        List<string> accepted = [];
        using CancellationTokenSource stop = new();
        Task<bool> writing = WriteAsync(a, accepted, until, stop.Token);
        await a.Sessions.TryAddAsync(new StoredSession("session", Peer, 1, until, [1]));
        for (long version = 2; version <= 20; version++)
        {
            Assert.That(await (version % 2 == 0 ? a : b).Sessions.TryUpdateAsync(new StoredSession("session", Peer, version, until, [(byte)version])), Is.True);
        }

        await server.StopAsync();
        await stop.CancelAsync();
        await writing;
        foreach (PostgreSqlDatabase node in new[] { a, b })
        {
            Assert.That(async () => await node.Nonces.TryConsumeAsync("down", "down", until), Throws.InstanceOf<IOException>());
            Assert.That(async () => await node.Sessions.FindAsync("session"), Throws.InstanceOf<IOException>());
            Assert.That(async () => await node.Sessions.TryUpdateAsync(new StoredSession("session", Peer, 21, until, [1])), Throws.InstanceOf<IOException>());
            Assert.That(async () => await node.Mirror.LoadAsync(_ => { }), Throws.InstanceOf<IOException>());
            IOException failure = Assert.ThrowsAsync<IOException>(async () => await node.PingAsync())!;
            Assert.That(failure.ToString(), Does.Not.Contain("a-password-of-tests"));
            await node.RemoveExpiredAsync(default);
        }

        await server.StartAgainAsync();
        await RecoverAsync(a);
        await RecoverAsync(b);
        Assert.That(accepted, Is.Not.Empty);
        foreach (string nonce in accepted)
        {
            Assert.That(await b.Nonces.TryConsumeAsync("scope", nonce, until), Is.EqualTo(NonceResult.Replayed), nonce);
        }

        Assert.That((await b.Sessions.FindAsync("session"))!.Version, Is.EqualTo(20));
        Assert.That(await b.Sessions.TryUpdateAsync(new StoredSession("session", Peer, 21, until, [1])), Is.True);
        Assert.That(await a.Nonces.TryConsumeAsync("scope", "after", until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_given_up_in_time()
    {
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        await using PostgreSqlDatabase node = PostgreSqlDatabase.Create(
            $"Host=127.0.0.1;Port={port};Username=u;Password=secret-of-this-test;Database=d", new PostgreSqlDatabaseOptions { Timeout = TimeSpan.FromSeconds(1) });

        IOException failure = Assert.ThrowsAsync<IOException>(async () => await node.Nonces.TryConsumeAsync("s", "n", TimeProvider.System.GetUtcNow()))!;
        Assert.That(failure.Message, Does.Contain("in time"));
        Assert.That(failure.ToString(), Does.Not.Contain("secret-of-this-test"));
    }

    private static async Task<bool> WriteAsync(PostgreSqlDatabase node, List<string> accepted, DateTimeOffset until, CancellationToken stop)
    {
        try
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                if (await node.Nonces.TryConsumeAsync("scope", $"{i}", until, default) == NonceResult.Accepted)
                {
                    accepted.Add($"{i}");
                }
            }

            return true;
        }
        catch (IOException)
        {
            // The server is gone: what was being written may or may not be there.
            return false;
        }
    }

    // A connection of the pool may be one that the crash ended; each costs one refusal.
    private static async Task RecoverAsync(PostgreSqlDatabase node)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await node.PingAsync();
                return;
            }
            catch (IOException) when (i < 10)
            {
                continue;
            }
        }
    }
}
