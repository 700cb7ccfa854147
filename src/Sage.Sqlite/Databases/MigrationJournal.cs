using System.Data;
using System.Globalization;
using DbUp.Engine;
using DbUp.Engine.Transactions;

namespace Sage.Databases;

/// <summary>
/// The table of applied scripts. It is read after the lock is held and in the transaction of the script that follows, so that two
/// processes never apply one script twice.
/// </summary>
internal sealed class MigrationJournal(
    IReadOnlyList<MigrationScript> scripts, MigrationDialect dialect, IConnectionManager connections, TimeProvider timeProvider) : IJournal
{
    /// <summary>Makes the table.</summary>
    public const string Create =
        "CREATE TABLE IF NOT EXISTS sage_migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

    public string[] GetExecutedScripts() => connections.ExecuteCommandsWithManagedConnection(createCommand =>
    {
        if (dialect.Lock.Length > 0)
        {
            using IDbCommand command = createCommand();
            command.CommandText = dialect.Lock;
            command.ExecuteNonQuery();
        }

        return ReadApplied(scripts, dialect, createCommand);
    });

    public void EnsureTableExistsAndIsLatestVersion(Func<IDbCommand> dbCommandFactory)
    {
        using IDbCommand command = dbCommandFactory();
        command.CommandText = Create;
        command.ExecuteNonQuery();
    }

    public void StoreExecutedScript(SqlScript script, Func<IDbCommand> dbCommandFactory)
    {
        using IDbCommand command = dbCommandFactory();
        command.CommandText = "INSERT INTO sage_migrations (name, checksum, applied_at) VALUES (@name, @checksum, @applied_at)";
        Add(command, "name", script.Name);
        Add(command, "checksum", scripts.First(known => known.Name == script.Name).Checksum);
        Add(command, "applied_at", timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }

    /// <summary>The names of the applied scripts.</summary>
    /// <exception cref="InvalidOperationException">The database is not of this line of scripts: newer, or a script was changed after it was applied.</exception>
    public static string[] ReadApplied(IReadOnlyList<MigrationScript> scripts, MigrationDialect dialect, Func<IDbCommand> createCommand)
    {
        using (IDbCommand exists = createCommand())
        {
            exists.CommandText = dialect.TableExists;
            if (Convert.ToInt64(exists.ExecuteScalar(), CultureInfo.InvariantCulture) == 0)
            {
                return [];
            }
        }

        using IDbCommand command = createCommand();
        command.CommandText = "SELECT name, checksum FROM sage_migrations";
        List<(string Name, string Checksum)> applied = [];
        using (IDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                applied.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        return Check(scripts, [.. applied.OrderBy(entry => entry.Name, StringComparer.Ordinal)]);
    }

    // What was applied must be the first of what this program knows, unchanged.
    private static string[] Check(IReadOnlyList<MigrationScript> scripts, (string Name, string Checksum)[] applied)
    {
        for (int i = 0; i < applied.Length; i++)
        {
            (string name, string checksum) = applied[i];
            if (scripts.All(script => script.Name != name))
            {
                throw new InvalidOperationException($"The database is newer than this program: it has the migration '{name}'. Use a newer version of Sage.");
            }

            if (scripts[i].Name != name)
            {
                throw new InvalidOperationException($"The migration '{scripts[i].Name}' is missing in the database although '{name}', which comes after it, is there.");
            }

            if (scripts[i].Checksum != checksum)
            {
                throw new InvalidOperationException($"The migration '{name}' that the database has is not the one of this program: its checksum differs.");
            }
        }

        return [.. applied.Select(entry => entry.Name)];
    }

    private static void Add(IDbCommand command, string name, object value)
    {
        IDbDataParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
