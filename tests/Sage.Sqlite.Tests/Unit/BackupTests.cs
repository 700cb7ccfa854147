using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sage.Crypto;
using Sage.Databases;
using Sage.Did;
using Sage.Session;

namespace Sage.Sqlite.Tests;

[TestFixture]
internal sealed class BackupTests
{
    private static readonly AgentDid Peer = AgentDid.Parse("did:example:peer");

    private SqliteFile file = null!;

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    [Test]
    public async Task A_backup_made_while_others_write_brings_back_nonces_and_mirror_and_no_session()
    {
        SqliteDatabase database = await FilledAsync();
        DateTimeOffset until = file.Time.GetUtcNow().AddMinutes(5);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await database.Nonces.TryConsumeAsync("other", $"{i}", until);
            }
        });
        await file.Open().BackupAsync(file.In("backup"));
        await stop.CancelAsync();
        await writing;

        using SqliteDatabase restored = new(file.In("restored.db"), timeProvider: file.Time);
        await restored.RestoreAsync(file.In("backup"));

        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "fresh", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await restored.Sessions.FindAsync("session-to-look-for"), Is.Null, "its sequence numbers would be used again");
        Assert.That(await restored.Sessions.TryAddAsync(new StoredSession("session-to-look-for", Peer, 1, until, [1])), Is.EqualTo(SessionStoreResult.Added));
        List<AgentDid> dids = [];
        Assert.That((await restored.Mirror.LoadAsync(entry => dids.Add(entry.Did)))!.Value.ToArray(), Is.EqualTo(new byte[] { 9 }));
        Assert.That(dids, Is.EqualTo([Peer]));
    }

    [Test]
    public async Task A_backup_holds_no_state_of_a_session_even_in_free_pages()
    {
        SqliteDatabase database = await FilledAsync();
        await database.BackupAsync(file.In("backup"));

        byte[] content = await File.ReadAllBytesAsync(file.In("backup"));
        Assert.That(content.AsSpan().IndexOf("a state to look for"u8), Is.Negative);
        Assert.That(content.AsSpan().IndexOf("session-to-look-for"u8), Is.Negative);
    }

    [Test]
    public async Task A_backup_that_was_cut_or_altered_anywhere_is_refused_and_leaves_nothing()
    {
        SqliteDatabase database = await FilledAsync();
        await database.BackupAsync(file.In("backup"));
        byte[] whole = await File.ReadAllBytesAsync(file.In("backup"));
        List<byte[]> damaged = [whole[..^1], whole[..(whole.Length / 2)], [], [.. whole, 0]];
        for (int i = 0; i < 20; i++)
        {
            byte[] altered = [.. whole];
            altered[i * (whole.Length - 1) / 19] ^= 1;
            damaged.Add(altered);
        }

        using SqliteDatabase restored = new(file.In("restored.db"), timeProvider: file.Time);
        foreach (byte[] content in damaged)
        {
            await File.WriteAllBytesAsync(file.In("backup"), content);
            Assert.That(async () => await restored.RestoreAsync(file.In("backup")), Throws.InstanceOf<InvalidDataException>());
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, "restored.db*"), Is.Empty);
        }

        await File.WriteAllBytesAsync(file.In("backup"), whole);
        await restored.RestoreAsync(file.In("backup"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("abc")]
    [TestCase("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz  backup\n")]
    public async Task A_backup_without_its_checksum_is_refused(string? checksum)
    {
        SqliteDatabase database = await FilledAsync();
        await database.BackupAsync(file.In("backup"));
        File.Delete(file.In("backup.sha256"));
        if (checksum is not null)
        {
            await File.WriteAllTextAsync(file.In("backup.sha256"), checksum);
        }

        using SqliteDatabase restored = new(file.In("restored.db"));
        Assert.That(async () => await restored.RestoreAsync(file.In("backup")), Throws.InstanceOf<InvalidDataException>());
        Assert.That(File.Exists(file.In("restored.db")), Is.False);
    }

    [Test]
    public async Task A_backup_replaces_no_file_and_a_restore_no_database()
    {
        SqliteDatabase database = await FilledAsync();
        await database.BackupAsync(file.In("backup"));

        Assert.That(async () => await database.BackupAsync(file.In("backup")), Throws.InstanceOf<IOException>());
        Assert.That(async () => await database.RestoreAsync(file.In("backup")), Throws.InstanceOf<IOException>());
        Assert.That(await database.Sessions.FindAsync("session-to-look-for"), Is.Not.Null);
    }

    [Test]
    public async Task Only_the_owner_can_read_the_database_and_its_backup()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no modes.");
            return;
        }

        SqliteDatabase database = await FilledAsync();
        await database.BackupAsync(file.In("backup"));

        foreach (string path in Directory.GetFiles(Path.GetDirectoryName(file.Path)!))
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), path);
        }
    }

    [TestCase("CREATE TABLE other (id INTEGER)")]
    [TestCase("CREATE TABLE sage_sessions (id INTEGER); CREATE VIEW sage_migrations AS SELECT 'a' AS name, 'b' AS checksum")]
    public async Task Another_database_of_SQLite_is_no_backup_and_gets_none(string content)
    {
        Change(file.In("backup"), content);
        await WriteChecksumAsync();
        using SqliteDatabase restored = new(file.In("restored.db")), other = new(file.In("backup"));

        Assert.That(async () => await restored.RestoreAsync(file.In("backup")), Throws.InstanceOf<InvalidDataException>());
        Assert.That(async () => await other.BackupAsync(file.In("backup of it")), Throws.InvalidOperationException.With.Message.Contains("no database of Sage"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, "backup of it*"), Is.Empty);
    }

    [Test]
    public async Task A_file_that_is_no_database_is_no_backup_although_its_checksum_fits()
    {
        await File.WriteAllBytesAsync(file.In("backup"), [.. Enumerable.Repeat((byte)'x', 5000)]);
        await WriteChecksumAsync();

        Refused<InvalidDataException>();
    }

    [TestCase("CREATE TRIGGER later AFTER INSERT ON sage_nonces BEGIN DELETE FROM sage_nonces; END")]
    [TestCase("DROP TRIGGER sage_nonces_added")]
    [TestCase("CREATE INDEX more ON sage_nonces (scope)")]
    [TestCase("CREATE TABLE more (id INTEGER)")]
    public async Task A_backup_with_another_schema_than_its_migrations_make_is_refused(string change)
    {
        await (await FilledAsync()).BackupAsync(file.In("backup"));
        Change(file.In("backup"), change);
        await WriteChecksumAsync();

        Refused<InvalidDataException>();
    }

    [Test]
    public async Task A_backup_of_a_newer_program_is_refused()
    {
        await (await FilledAsync()).BackupAsync(file.In("backup"));
        Change(file.In("backup"), "INSERT INTO sage_migrations (name, checksum, applied_at) VALUES ('9999-later', 'x', 0)");
        await WriteChecksumAsync();

        Refused<InvalidOperationException>();
    }

    [Test]
    public async Task A_backup_of_an_older_program_gets_the_migrations_that_it_lacks()
    {
        IReadOnlyList<MigrationScript> scripts = MigrationScript.LoadAll(typeof(SqliteDatabase).Assembly);
        SqliteDatabase old = file.Open([scripts[0]]);
        await old.MigrateAsync();
        DateTimeOffset until = file.Time.GetUtcNow().AddMinutes(5);
        await old.Nonces.TryConsumeAsync("scope", "nonce", until);
        await old.BackupAsync(file.In("backup"));

        using SqliteDatabase restored = new(file.In("restored.db"), timeProvider: file.Time);
        await restored.RestoreAsync(file.In("backup"));

        Assert.That(await restored.GetPendingMigrationsAsync(), Is.Empty);
        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_copy_of_the_file_that_was_made_by_hand_comes_back_without_its_sessions_too()
    {
        SqliteDatabase database = await FilledAsync();
        database.Dispose();
        File.Copy(file.Path, file.In("backup"));
        await WriteChecksumAsync();

        using SqliteDatabase restored = new(file.In("restored.db"), timeProvider: file.Time);
        await restored.RestoreAsync(file.In("backup"));

        Assert.That(await restored.Sessions.FindAsync("session-to-look-for"), Is.Null);
        Assert.That(await restored.Nonces.TryConsumeAsync("scope", "nonce", file.Time.GetUtcNow().AddMinutes(5)), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_damaged_database_gets_no_backup_and_leaves_no_file()
    {
        SqliteDatabase database = await FilledAsync();
        database.Dispose();
        byte[] content = await File.ReadAllBytesAsync(file.Path);
        content.AsSpan(content.Length / 2, 4096).Fill(0xff);
        await File.WriteAllBytesAsync(file.Path, content);

        Assert.That(async () => await file.Open(options: null, migrate: false).BackupAsync(file.In("backup")), Throws.InstanceOf<InvalidDataException>().Or.InstanceOf<IOException>());
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, "backup*"), Is.Empty);
    }

    private static void Change(string path, string text)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private async Task WriteChecksumAsync()
    {
        string hash = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file.In("backup"))));
        await File.WriteAllTextAsync(file.In("backup.sha256"), $"{hash}  backup\n");
    }

    private void Refused<T>()
        where T : Exception
    {
        using SqliteDatabase restored = new(file.In("restored.db"), timeProvider: file.Time);
        Assert.That(async () => await restored.RestoreAsync(file.In("backup")), Throws.InstanceOf<T>());
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, "restored.db*"), Is.Empty);
    }

    private async Task<SqliteDatabase> FilledAsync()
    {
        SqliteDatabase database = file.Open();
        DateTimeOffset until = file.Time.GetUtcNow().AddMinutes(5);
        await database.Nonces.TryConsumeAsync("scope", "nonce", until);
        await database.Sessions.TryAddAsync(new StoredSession("session-to-look-for", Peer, 1, until, "a state to look for"u8));
        await database.Mirror.SaveAsync(new byte[] { 9 }, [new RegistryMirrorEntry(Peer, [1], "term")]);
        return database;
    }
}
