using Sage.Crypto;
using Sage.Did;
using Sage.PostgreSql;
using Sage.Session;
using Sage.Sqlite;

namespace Sage.AotSmoke;

internal static class DatabaseJourney
{
    /// <summary>A file is migrated, used, copied and put back; a server that is not there is said to be so.</summary>
    public static async Task RunAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-aot-");
        try
        {
            DateTimeOffset end = TimeProvider.System.GetUtcNow().AddMinutes(5);
            using SqliteDatabase database = new(Path.Combine(folder.FullName, "a.db"));
            Check.That(await database.MigrateAsync() > 0, "a file is migrated");
            Check.That(await database.Nonces.TryConsumeAsync("scope", "nonce", end) == NonceResult.Accepted, "a nonce is accepted");
            AgentDid peer = AgentDid.Parse("did:example:peer");
            Check.That(await database.Sessions.TryAddAsync(new StoredSession("id", peer, 1, end, [1])) == SessionStoreResult.Added, "a session is added");
            Check.That((await database.Sessions.FindAsync("id"))?.Peer == peer, "and found");
            await database.BackupAsync(Path.Combine(folder.FullName, "backup"));
            using SqliteDatabase restored = new(Path.Combine(folder.FullName, "b.db"));
            await restored.RestoreAsync(Path.Combine(folder.FullName, "backup"));
            Check.That(await restored.Nonces.TryConsumeAsync("scope", "nonce", end) == NonceResult.Replayed, "a backup brings nonces back");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await using PostgreSqlDatabase nowhere = PostgreSqlDatabase.Create("Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d;SSL Mode=Require");
        try
        {
            await nowhere.PingAsync();
            Check.That(false, "no server answers");
        }
        catch (IOException e)
        {
            Check.That(e.Message.Contains("reached", StringComparison.Ordinal), "the reason is told");
        }
    }
}
