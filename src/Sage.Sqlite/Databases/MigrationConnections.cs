using System.Data.Common;
using DbUp.Engine.Transactions;

namespace Sage.Databases;

/// <summary>Gives DbUp its connections. A script goes to the driver as a whole: both drivers know where a statement ends.</summary>
internal sealed class MigrationConnections(Func<DbConnection> create) : DatabaseConnectionManager(_ => create())
{
    public override IEnumerable<string> SplitScriptIntoCommands(string scriptContents) => [scriptContents];
}
