using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;

namespace Sage.Cli;

/// <summary>The options that name a database, and the form of what is printed about it. A connection string holds a password and never stands on the command line, which others can see.</summary>
internal sealed class DatabaseOptions
{
    private const int MaxConnectionString = 64 * 1024;

    public Option<string?> Sqlite { get; } = new("--sqlite")
    {
        Description = "The file of a SQLite database.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    public Option<string?> PostgresFrom { get; } = new("--postgres-from")
    {
        Description = "The environment variable that holds the connection string of a PostgreSQL database.",
        HelpName = "VARIABLE",
    };

    public Option<string?> PostgresFile { get; } = new("--postgres-file")
    {
        Description = "The file that holds the connection string of a PostgreSQL database.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    private Option<bool> Json { get; } = SharedOptions.Json();

    public void AddTo(Command command)
    {
        command.Add(Sqlite);
        command.Add(PostgresFrom);
        command.Add(PostgresFile);
        command.Add(Json);
        command.Validators.Add(Validate);
    }

    /// <summary>Names the database; nothing is opened yet. The caller disposes it.</summary>
    /// <exception cref="CommandException">There is no connection string, or it cannot be read.</exception>
    /// <exception cref="IOException">The file with it cannot be read.</exception>
    public async Task<Database> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Sqlite) is { } path)
        {
            return Database.OfSqlite(path);
        }

        string? connectionString = parsed.GetValue(PostgresFile) is { } file
            ? Encoding.UTF8.GetString(await Inputs.ReadFileAsync(file, MaxConnectionString, cancellationToken)).Trim()
            : Environment.GetEnvironmentVariable(parsed.GetValue(PostgresFrom)!);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw CommandException.Usage("There is no connection string: the variable is not set, or the file is empty.");
        }

        try
        {
            return Database.OfPostgreSql(connectionString);
        }
        catch (ArgumentException)
        {
            throw CommandException.Usage("The connection string cannot be read; it is like 'Host=…;Username=…;Password=…;Database=…'.");
        }
    }

    /// <summary>Prints what was found or done, as text or as one JSON object.</summary>
    public void Print(Terminal terminal, ParseResult parsed, string text, Action<Utf8JsonWriter> members) =>
        terminal.Text.WriteLine(parsed.GetValue(Json) ? JsonText.Object(members) : text);

    private void Validate(CommandResult result)
    {
        Option[] places = [Sqlite, PostgresFrom, PostgresFile];
        if (places.Count(place => result.GetResult(place) is not null) != 1 || result.GetResult(PostgresFrom)?.Tokens is [{ Value: "" }])
        {
            result.AddError("Name one database by --sqlite FILE, --postgres-from VARIABLE or --postgres-file FILE.");
        }
    }
}
