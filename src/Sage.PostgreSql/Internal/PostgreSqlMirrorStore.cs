using System.Data;
using Npgsql;
using Sage.Databases;
using Sage.Did;
using static Sage.PostgreSql.Internal.PostgreSqlLink;

namespace Sage.PostgreSql.Internal;

/// <summary>What a mirror has read, in three tables.</summary>
internal sealed class PostgreSqlMirrorStore(PostgreSqlLink link) : IRegistryMirrorStore
{
    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return link.RunAsync("load_mirror", (connection, token) => LoadAsync(connection, receive, token), cancellationToken, isLong: true);
    }

    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken = default)
    {
        MirrorRules.Check(checkpoint, changed);
        await link.RunAsync("save_mirror", (connection, token) => SaveAsync(connection, checkpoint, changed, token), cancellationToken, isLong: true).ConfigureAwait(false);
    }

    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) => await link.ExecuteAsync(
        "clear_mirror", "WITH checkpoint AS (DELETE FROM sage_mirror_checkpoint) DELETE FROM sage_mirror_entries", cancellationToken).ConfigureAwait(false);

    private static async Task<ReadOnlyMemory<byte>?> LoadAsync(NpgsqlConnection connection, Action<RegistryMirrorEntry> receive, CancellationToken cancellationToken)
    {
        // One transaction of this level sees one state, whatever is written meanwhile.
        using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        byte[]? checkpoint;
        using (NpgsqlCommand command = Command(connection, "SELECT value FROM sage_mirror_checkpoint"))
        {
            checkpoint = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as byte[];
        }

        using NpgsqlCommand entries = Command(
            connection, "SELECT e.did, e.value, ARRAY(SELECT t.term FROM sage_mirror_terms t WHERE t.did = e.did) FROM sage_mirror_entries e");
        using NpgsqlDataReader reader = await entries.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            receive(new RegistryMirrorEntry(AgentDid.Parse(reader.GetString(0)), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<string[]>(2)));
        }

        return checkpoint is null ? default(ReadOnlyMemory<byte>?) : checkpoint;
    }

    private static async Task<int> SaveAsync(
        NpgsqlConnection connection, ReadOnlyMemory<byte> checkpoint, IReadOnlyCollection<RegistryMirrorEntry> changed, CancellationToken cancellationToken)
    {
        using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        using NpgsqlBatch batch = new(connection, transaction);
        Add(batch, "INSERT INTO sage_mirror_checkpoint (id, value) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET value = excluded.value", Value(checkpoint));
        foreach (RegistryMirrorEntry entry in changed)
        {
            string did = entry.Did.Value;
            Add(
                batch, "INSERT INTO sage_mirror_entries (did, value) VALUES ($1, $2) ON CONFLICT (did) DO UPDATE SET value = excluded.value",
                Value(did), Value(entry.Value));
            Add(batch, "DELETE FROM sage_mirror_terms WHERE did = $1", Value(did));
            Add(batch, "INSERT INTO sage_mirror_terms (term, did) SELECT term, $1 FROM unnest($2) AS term", Value(did), Value(entry.Terms.ToArray()));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return changed.Count;
    }

    private static void Add(NpgsqlBatch batch, string text, params NpgsqlParameter[] parameters)
    {
        NpgsqlBatchCommand command = new(text);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }
}
