using Microsoft.Data.Sqlite;
using Sage.Databases;
using Sage.Did;

namespace Sage.Sqlite.Internal;

/// <summary>What a mirror has read, in three tables.</summary>
internal sealed class SqliteMirrorStore(SqliteLink link) : IRegistryMirrorStore
{
    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return link.LoadAsync("load_mirror", connection => Load(connection, receive, cancellationToken), cancellationToken);
    }

    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken = default)
    {
        MirrorRules.Check(checkpoint, changed);
        await link.WriteAsync("save_mirror", connection => Save(connection, checkpoint, changed, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        await link.WriteAsync("clear_mirror", connection => connection.Execute("DELETE FROM sage_mirror_checkpoint; DELETE FROM sage_mirror_entries;"), cancellationToken)
            .ConfigureAwait(false);

    private static ReadOnlyMemory<byte>? Load(SqliteConnection connection, Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken)
    {
        // One transaction sees one state, whatever is written meanwhile.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        byte[]? checkpoint;
        using (SqliteCommand command = connection.Command("SELECT value FROM sage_mirror_checkpoint"))
        {
            checkpoint = command.ExecuteScalar() as byte[];
        }

        using SqliteCommand entries = connection.Command(
            """
            SELECT e.did, e.value, t.term FROM sage_mirror_entries e LEFT JOIN sage_mirror_terms t ON t.did = e.did ORDER BY e.did
            """);
        using SqliteDataReader reader = entries.ExecuteReader();
        MirrorRows rows = new(receive);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string did = reader.GetString(0);
            rows.Add(did, rows.IsAt(did) ? null : reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        }

        rows.Finish();
        return checkpoint is null ? default(ReadOnlyMemory<byte>?) : checkpoint;
    }

    private static int Save(
        SqliteConnection connection, ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken)
    {
        connection.Execute(
            "INSERT INTO sage_mirror_checkpoint (id, value) VALUES (1, $value) ON CONFLICT (id) DO UPDATE SET value = excluded.value", ("$value", checkpoint.ToArray()));
        foreach (RegistryMirrorEntry entry in changed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connection.Execute(
                "INSERT INTO sage_mirror_entries (did, value) VALUES ($did, $value) ON CONFLICT (did) DO UPDATE SET value = excluded.value",
                ("$did", entry.Did.Value), ("$value", entry.Value.ToArray()));
            connection.Execute("DELETE FROM sage_mirror_terms WHERE did = $did", ("$did", entry.Did.Value));
            foreach (string term in entry.Terms)
            {
                connection.Execute("INSERT INTO sage_mirror_terms (term, did) VALUES ($term, $did)", ("$term", term), ("$did", entry.Did.Value));
            }
        }

        return changed.Count;
    }
}
