namespace Sage.Databases;

/// <summary>Where the databases differ when they are migrated.</summary>
/// <param name="Lock">What makes other processes wait until the transaction ends; empty if its beginning does.</param>
/// <param name="TableExists">Counts the table of applied scripts: 0 or 1.</param>
internal sealed record MigrationDialect(string Lock, string TableExists);
