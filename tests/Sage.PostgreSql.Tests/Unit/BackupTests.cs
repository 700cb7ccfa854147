using System.Text;
using Npgsql;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.PostgreSql.Tests;

[TestFixture]
internal sealed class BackupTests
{
    private static readonly AgentDid Peer = AgentDid.Parse("did:example:peer");

    private DirectoryInfo folder = null!;
    private Nodes from = null!;
    private Nodes to = null!;

    private string Backup => Path.Combine(folder.FullName, "backup");

    [SetUp]
    public async Task SetUp()
    {
        folder = Directory.CreateTempSubdirectory("sage-backup-");
        from = await Nodes.CreateAsync();
        to = await Nodes.CreateAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        await from.DisposeAsync();
        await to.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_backup_made_while_others_write_brings_back_nonces_and_mirror_and_no_session()
    {
        PostgreSqlDatabase node = await FilledAsync();
        DateTimeOffset until = from.Time.GetUtcNow().AddMinutes(5);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await node.Nonces.TryConsumeAsync("other", $"{i}", until);
            }
        });
        await from.Open().BackupAsync(Backup);
        await stop.CancelAsync();
        await writing;

        PostgreSqlDatabase restored = to.Open(new PostgreSqlDatabaseOptions { NonceCapacity = 1_000_000 });
        await restored.RestoreAsync(Backup);

        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "fresh", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await restored.Sessions.FindAsync("session"), Is.Null, "its sequence numbers would be used again");
        List<AgentDid> dids = [];
        Assert.That((await restored.Mirror.LoadAsync(entry => dids.Add(entry.Did)))!.Value.ToArray(), Is.EqualTo(new byte[] { 9 }));
        Assert.That(dids, Is.EqualTo([Peer]));
        Assert.That(
            await to.SqlAsync("SELECT (SELECT sum(live) FROM sage_totals WHERE name = 'nonces') = (SELECT count(*) FROM sage_nonces)"), Is.True, "counts come along");
        Assert.That((await File.ReadAllBytesAsync(Backup)).AsSpan().IndexOf("a state to look for"u8), Is.Negative);
    }

    [Test]
    public async Task A_backup_that_was_cut_or_altered_anywhere_is_refused_and_changes_nothing()
    {
        await (await FilledAsync()).BackupAsync(Backup);
        byte[] whole = await File.ReadAllBytesAsync(Backup);
        List<byte[]> damaged = [whole[..^1], whole[..(whole.Length / 2)], [], [.. whole, 0]];
        for (int i = 0; i < whole.Length; i += 1 + (whole.Length / 20))
        {
            byte[] altered = [.. whole];
            altered[i] ^= 1;
            damaged.Add(altered);
        }

        PostgreSqlDatabase restored = to.Open();
        foreach (byte[] content in damaged)
        {
            await File.WriteAllBytesAsync(Backup, content);
            Assert.That(async () => await restored.RestoreAsync(Backup), Throws.InstanceOf<InvalidDataException>());
        }

        Assert.That(await to.SqlAsync("SELECT count(*) FROM sage_nonces"), Is.Zero);
        await File.WriteAllBytesAsync(Backup, whole);
        await restored.RestoreAsync(Backup);
    }

    [Test]
    public async Task A_backup_whose_checksum_fits_but_whose_content_does_not_leaves_nothing_behind()
    {
        await (await FilledAsync()).BackupAsync(Backup);
        byte[] whole = await File.ReadAllBytesAsync(Backup);
        string text = Encoding.Latin1.GetString(whole);
        PostgreSqlDatabase restored = to.Open();
        foreach (string forged in new[]
        {
            text[..^3],
            text + "\0",
            text.Replace("PGCOPY", "PGCOPX", StringComparison.Ordinal),
            text.Replace("did:example:peer", "did:example:\0eer", StringComparison.Ordinal),
            text.Replace("\"sage_nonces\":1", "\"sage_nonces\":1,\"pg_class\":1", StringComparison.Ordinal),
            text.Replace("\"sage_nonces\":1", "\"sage_nonces\":1,\"sage_nonces\":1", StringComparison.Ordinal),
            text.Replace("\"sage_nonces\":1", "\"sage_nonces\":2", StringComparison.Ordinal),
            text.Replace("0002-registry-mirror", "0003-registry-mirror", StringComparison.Ordinal),
            text.Replace("sage-postgresql-backup-1", "sage-postgresql-backup-2", StringComparison.Ordinal),
            "not a backup\n", "{}\n", "null\n",
        })
        {
            Assert.That(forged, Is.Not.EqualTo(text));
            byte[] content = Encoding.Latin1.GetBytes(forged);
            await File.WriteAllBytesAsync(Backup, content);
            await File.WriteAllTextAsync(Backup + ".sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)) + "  backup\n");
            Assert.That(async () => await restored.RestoreAsync(Backup), Throws.InstanceOf<InvalidDataException>(), forged[..Math.Min(forged.Length, 40)]);
        }

        Assert.That(await to.SqlAsync("SELECT count(*) FROM sage_nonces"), Is.Zero);
        Assert.That(await to.SqlAsync("SELECT count(*) FROM sage_mirror_entries"), Is.Zero);
    }

    [Test]
    public async Task A_database_that_is_not_empty_or_has_no_schema_is_left_alone()
    {
        PostgreSqlDatabase node = await FilledAsync();
        await node.BackupAsync(Backup);

        Assert.That(async () => await node.RestoreAsync(Backup), Throws.InvalidOperationException.With.Message.Contains("not empty"));
        Assert.That(async () => await to.Open(options: null, migrate: false).RestoreAsync(Backup), Throws.InvalidOperationException.With.Message.Contains("lacks"));
        Assert.That(async () => await node.BackupAsync(Backup), Throws.InstanceOf<IOException>(), "a backup replaces nothing");
        Assert.That(await node.Sessions.FindAsync("session"), Is.Not.Null);
    }

    [Test]
    public async Task A_restore_beside_a_transaction_that_writes_is_refused_or_finds_its_rows()
    {
        await (await FilledAsync()).BackupAsync(Backup);
        PostgreSqlDatabase restored = to.Open();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(to.ConnectionString);
        await using (NpgsqlConnection connection = await source.OpenConnectionAsync())
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using NpgsqlCommand insert = new("INSERT INTO sage_nonces (id, scope, expires_at) VALUES ('a', 'b', 1)", connection);
            await insert.ExecuteNonQueryAsync();
            Assert.That(async () => await restored.RestoreAsync(Backup), Throws.InvalidOperationException.With.Message.Contains("in use"));
            await transaction.CommitAsync();
        }

        Assert.That(async () => await restored.RestoreAsync(Backup), Throws.InvalidOperationException.With.Message.Contains("not empty"));
        Assert.That(await to.SqlAsync("SELECT count(*) FROM sage_mirror_entries"), Is.Zero);
    }

    [Test]
    public async Task A_restore_takes_longer_than_commands_may_where_the_server_needs_it()
    {
        await (await FilledAsync()).BackupAsync(Backup);
        to.Open();
        await to.SqlAsync("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); RETURN NULL; END $$");
        await to.SqlAsync("CREATE TRIGGER slow AFTER INSERT ON sage_nonces FOR EACH STATEMENT EXECUTE FUNCTION slow()");

        await using PostgreSqlDatabase hasty = PostgreSqlDatabase.Create(to.ConnectionString + ";Command Timeout=1", new PostgreSqlDatabaseOptions { Timeout = TimeSpan.FromSeconds(1) });
        await hasty.RestoreAsync(Backup);

        Assert.That(await to.SqlAsync("SELECT count(*) FROM sage_nonces"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_backup_that_fails_leaves_no_file()
    {
        PostgreSqlDatabase node = await FilledAsync();
        await from.SqlAsync("ALTER TABLE sage_mirror_terms RENAME TO elsewhere");

        Assert.That(async () => await node.BackupAsync(Backup), Throws.InstanceOf<IOException>());
        Assert.That(folder.GetFiles(), Is.Empty);
    }

    [Test]
    public async Task Of_two_backups_to_one_file_one_is_made()
    {
        PostgreSqlDatabase node = await FilledAsync();
        Task<bool>[] both = [TryAsync(), TryAsync()];

        Assert.That((await Task.WhenAll(both)).Count(made => made), Is.EqualTo(1));
        await to.Open().RestoreAsync(Backup);

        async Task<bool> TryAsync()
        {
            try
            {
                await node.BackupAsync(Backup);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    private async Task<PostgreSqlDatabase> FilledAsync()
    {
        PostgreSqlDatabase node = from.Open();
        DateTimeOffset until = from.Time.GetUtcNow().AddMinutes(5);
        await node.Nonces.TryConsumeAsync("scope", "nonce", until);
        await node.Sessions.TryAddAsync(new StoredSession("session", Peer, 1, until, "a state to look for"u8));
        await node.Mirror.SaveAsync(new byte[] { 9 }, [new RegistryMirrorEntry(Peer, [1], "term")]);
        return node;
    }
}
