using System.CommandLine;

namespace Sage.Cli;

/// <summary><c>sage db restore</c>.</summary>
internal static class DatabaseRestoreCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        DatabaseOptions options = new();
        Option<string> file = new("--in")
        {
            Description = "The backup, with FILE.sha256 beside it. One that was cut or altered is refused, and nothing changes.",
            HelpName = "FILE",
            Required = true,
            CustomParser = PathArgument.Parse,
        };
        CliCommand command = new("restore", "Put a backup into a new SQLite file, or into a PostgreSQL database that is migrated and empty.") { file };
        options.AddTo(command);
        command.Examples =
        [
            "sage db restore --sqlite state.db --in state.backup",
            "sage db restore --postgres-file connection.txt --in state.backup",
        ];
        command.RunOn(options, async (parsed, database, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(file);
            await database.RestoreAsync(path, cancellationToken);
            options.Print(
                terminal, parsed, "restored, without sessions; messages sent since the backup are not known as seen: wait for their greatest age before you start agents",
                json => json.WriteString("restored", path));
        });
        return command;
    }
}
