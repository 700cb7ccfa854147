using System.CommandLine;

namespace Sage.Cli;

/// <summary><c>sage db</c>.</summary>
internal static class DatabaseCommand
{
    public static CliCommand Create(Terminal terminal) => new("db", "Look after the database in which agents keep sessions, nonces and the mirror of a registry.")
    {
        DatabaseMigrateCommand.Create(terminal),
        DatabaseStatusCommand.Create(terminal),
        DatabaseBackupCommand.Create(terminal),
        DatabaseRestoreCommand.Create(terminal),
        DatabaseSeedCommand.Create(terminal),
    };

    /// <summary>Has a command work on the database that its options name. What the database refuses is said in one line.</summary>
    public static void RunOn(this CliCommand command, DatabaseOptions options, Func<ParseResult, Database, CancellationToken, Task> run) =>
        command.Run(async (parsed, cancellationToken) =>
        {
            await using Database database = await options.OpenAsync(parsed, cancellationToken);
            try
            {
                await run(parsed, database, cancellationToken);
            }
            catch (Exception refusal) when (refusal is InvalidOperationException or InvalidDataException)
            {
                throw CommandException.Refused(refusal.Message);
            }
        });
}
