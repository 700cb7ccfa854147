using System.Data.Common;
using System.Runtime.ExceptionServices;
using DbUp.Builder;
using DbUp.Engine;

namespace Sage.Databases;

/// <summary>Brings a database to the schema of this program: one transaction per script, and several processes may do it at once.</summary>
internal sealed class Migrator(
    IReadOnlyList<MigrationScript> scripts, MigrationDialect dialect, Func<DbConnection> createConnection, TimeProvider timeProvider)
{
    /// <summary>Applies what is missing.</summary>
    /// <returns>How many scripts this call applied.</returns>
    /// <exception cref="InvalidOperationException">The database is newer, or a script was changed.</exception>
    public Task<int> MigrateAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            int applied = 0;
            foreach (MigrationScript script in Pending())
            {
                cancellationToken.ThrowIfCancellationRequested();
                applied += Apply(script);
            }

            return applied;
        },
        cancellationToken);

    /// <summary>The names of the scripts that are missing.</summary>
    /// <exception cref="InvalidOperationException">The database is newer, or a script was changed.</exception>
    public Task<IReadOnlyList<string>> GetPendingAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<string>>(() => [.. Pending().Select(script => script.Name)], cancellationToken);

    private MigrationScript[] Pending()
    {
        using DbConnection connection = createConnection();
        connection.Open();
        string[] applied = MigrationJournal.ReadApplied(scripts, dialect, connection.CreateCommand);
        return [.. scripts.Skip(applied.Length)];
    }

    private int Apply(MigrationScript script)
    {
        UpgradeEngineBuilder builder = new();
        builder.Configure(configuration =>
        {
            configuration.ConnectionManager = new MigrationConnections(createConnection);
            MigrationJournal journal = new(scripts, dialect, configuration.ConnectionManager, timeProvider);
            configuration.Journal = journal;
            configuration.ScriptExecutor = new MigrationExecutor(configuration, journal);
        });
        DatabaseUpgradeResult result = builder.WithScript(script.Name, script.Text).WithTransaction().WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        if (!result.Successful)
        {
            ExceptionDispatchInfo.Throw(result.Error);
        }

        return result.Scripts.Count();
    }
}
