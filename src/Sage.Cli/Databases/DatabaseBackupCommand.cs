using System.CommandLine;

namespace Sage.Cli;

/// <summary><c>sage db backup</c>.</summary>
internal static class DatabaseBackupCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        DatabaseOptions options = new();
        Option<string> file = new("--out")
        {
            Description = "The backup to write; FILE.sha256 beside it says that it is whole. Only you can read them.",
            HelpName = "FILE",
            Required = true,
            CustomParser = PathArgument.Parse,
        };
        CliCommand command = new("backup", "Copy a database while it is used, without its sessions: put back, they would use numbers twice.") { file };
        options.AddTo(command);
        command.Examples =
        [
            "sage db backup --sqlite state.db --out state.backup",
            "sage db backup --postgres-from SAGE_DATABASE --out state.backup",
        ];
        command.RunOn(options, async (parsed, database, cancellationToken) =>
        {
            database.RequireExisting();
            string path = parsed.GetRequiredValue(file);
            await database.BackupAsync(path, cancellationToken);
            long size = new FileInfo(path).Length;
            options.Print(terminal, parsed, $"{size} bytes", json =>
            {
                json.WriteString("file", path);
                json.WriteNumber("bytes", size);
            });
        });
        return command;
    }
}
