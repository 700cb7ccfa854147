using DbUp.Builder;
using DbUp.Engine;
using DbUp.Support;

namespace Sage.Databases;

/// <summary>Runs a script, and writes it down in the same transaction.</summary>
internal sealed class MigrationExecutor(UpgradeConfiguration configuration, IJournal journal) : ScriptExecutor(
    () => configuration.ConnectionManager, new Names(), () => configuration.Log, null, () => false, [], () => journal)
{
    protected override bool UseTheSameTransactionForJournalTableAndScripts => true;

    protected override string GetVerifySchemaSql(string schema) => throw new NotSupportedException("The scripts name no schema.");

    protected override void ExecuteCommandsWithinExceptionHandler(int index, SqlScript script, Action executeCommand) => executeCommand();

    private sealed class Names() : SqlObjectParser("\"", "\"");
}
