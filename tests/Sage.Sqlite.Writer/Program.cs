using System.Globalization;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Sqlite;

// Writes to the file it is given until it is killed, and says after each commit what is durable by now.
using SqliteDatabase database = new(args[0]);
await database.MigrateAsync();
DateTimeOffset end = TimeProvider.System.GetUtcNow().AddHours(1);
AgentDid peer = AgentDid.Parse("did:example:peer");
await database.Sessions.TryAddAsync(new StoredSession("session", peer, 1, end, "state 1"u8));
for (long i = 2; ; i++)
{
    NonceResult result = await database.Nonces.TryConsumeAsync("scope", string.Create(CultureInfo.InvariantCulture, $"nonce {i}"), end);
    bool updated = await database.Sessions.TryUpdateAsync(
        new StoredSession("session", peer, i, end, System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"state {i}"))));
    if (result != NonceResult.Accepted || !updated)
    {
        return 1;
    }

    Console.Out.WriteLine(i);
    Console.Out.Flush();
}
