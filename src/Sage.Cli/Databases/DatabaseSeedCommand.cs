using System.CommandLine;
using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary><c>sage db seed</c>.</summary>
internal static class DatabaseSeedCommand
{
    private const int Most = 100_000;
    private const int Agents = 20;
    private const int StateSize = 1024;

    // Either names the environment of a host. Where both do, both must say that it is one of development.
    private static readonly string[] EnvironmentVariables = ["DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT"];

    public static CliCommand Create(Terminal terminal)
    {
        DatabaseOptions options = new();
        Option<int> sessions = Number("--sessions", "How many sessions of twenty agents, which no listener can open.", 100);
        Option<int> nonces = Number("--nonces", "How many nonces of twenty scopes.", 1000);
        Option<bool> force = new("--force") { Description = "Also where DOTNET_ENVIRONMENT or ASPNETCORE_ENVIRONMENT is not Development." };
        CliCommand command = new("seed", "Fill a database with development data, to look at sizes, retention and dashboards; it is over after an hour.")
        {
            sessions,
            nonces,
            force,
        };
        options.AddTo(command);
        command.Examples = ["DOTNET_ENVIRONMENT=Development sage db seed --sqlite state.db --sessions 500 --nonces 5000"];
        command.RunOn(options, async (parsed, database, cancellationToken) =>
        {
            if (!parsed.GetValue(force) && !IsDevelopment())
            {
                throw CommandException.Refused("This is no development environment: set DOTNET_ENVIRONMENT=Development, or give --force.");
            }

            database.RequireExisting();
            DateTimeOffset end = TimeProvider.System.GetUtcNow().AddHours(1);
            int addedSessions = 0;
            for (int i = 0; i < parsed.GetValue(sessions); i++)
            {
                StoredSession session = new($"seed-{RandomNumberGenerator.GetHexString(32)}", AgentDid.Parse($"did:example:seed-{i % Agents}"), 1, end, RandomNumberGenerator.GetBytes(StateSize));
                addedSessions += await database.Sessions.TryAddAsync(session, cancellationToken) == SessionStoreResult.Added ? 1 : 0;
            }

            int addedNonces = 0;
            for (int i = 0; i < parsed.GetValue(nonces); i++)
            {
                NonceResult result = await database.Nonces.TryConsumeAsync($"seed-{i % Agents}", RandomNumberGenerator.GetHexString(32), end, cancellationToken);
                addedNonces += result == NonceResult.Accepted ? 1 : 0;
            }

            options.Print(terminal, parsed, $"{addedSessions} sessions, {addedNonces} nonces", json =>
            {
                json.WriteNumber("sessions", addedSessions);
                json.WriteNumber("nonces", addedNonces);
            });
        });
        return command;
    }

    private static bool IsDevelopment()
    {
        string[] names = [.. EnvironmentVariables.Select(Environment.GetEnvironmentVariable).OfType<string>()];
        return names.Length > 0 && names.All(name => name.Equals("Development", StringComparison.OrdinalIgnoreCase));
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number is < 0 or > Most)
            {
                result.AddError($"{name} is between 0 and {Most}.");
            }
        });
        return option;
    }
}
