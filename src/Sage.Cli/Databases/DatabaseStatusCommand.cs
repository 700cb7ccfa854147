namespace Sage.Cli;

/// <summary><c>sage db status</c>.</summary>
internal static class DatabaseStatusCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        DatabaseOptions options = new();
        CliCommand command = new("status", "Say which migrations a database lacks. The exit code is 0 if none, 1 if some, or if the database is newer.");
        options.AddTo(command);
        command.Examples = ["sage db status --sqlite state.db"];
        command.RunOn(options, async (parsed, database, cancellationToken) =>
        {
            database.RequireExisting();
            IReadOnlyList<string> pending = await database.GetPendingAsync(cancellationToken);
            string text = pending.Count == 0 ? "up to date" : string.Join('\n', pending.Select(name => $"missing {name}"));
            options.Print(terminal, parsed, text, json =>
            {
                json.WriteBoolean("ok", pending.Count == 0);
                json.WriteStartArray("missing");
                foreach (string name in pending)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            });
            if (pending.Count > 0)
            {
                throw CommandException.Refused($"{pending.Count} migrations are missing; 'sage db migrate' applies them.");
            }
        });
        return command;
    }
}
