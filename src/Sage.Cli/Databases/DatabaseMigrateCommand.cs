namespace Sage.Cli;

/// <summary><c>sage db migrate</c>.</summary>
internal static class DatabaseMigrateCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        DatabaseOptions options = new();
        CliCommand command = new("migrate", "Bring a database to the schema of this program; a SQLite file is made if it is missing.");
        options.AddTo(command);
        command.Examples =
        [
            "sage db migrate --sqlite state.db",
            "sage db migrate --postgres-from SAGE_DATABASE",
        ];
        command.RunOn(options, async (parsed, database, cancellationToken) =>
        {
            int applied = await database.MigrateAsync(cancellationToken);
            options.Print(terminal, parsed, applied == 0 ? "nothing to do" : $"{applied} migrations applied", json => json.WriteNumber("applied", applied));
        });
        return command;
    }
}
