using System.CommandLine;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Cli;

/// <summary><c>sage agent create</c>.</summary>
internal static class AgentCreateCommand
{
    // The longest name a record may have.
    private const int LongestName = 256;

    public static CliCommand Create(Terminal terminal)
    {
        Option<string> name = new("--name") { Description = "The name others see.", HelpName = "N", Required = true };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= LongestName })
            {
                result.AddError($"Option '--name' takes 1 to {LongestName} characters.");
            }
        });
        Option<Uri?> endpoint = new("--endpoint")
        {
            Description = "The base URL at which the agent answers; sessions go to /messages below it.",
            HelpName = "URL",
            Required = true,
            CustomParser = EndpointArgument.Parse,
        };
        Option<string> home = SharedOptions.Home();
        Option<string> registryFile = SharedOptions.Registry();
        Option<string?> passphraseFile = SharedOptions.PassphraseFile();
        Option<string> signing = new Option<string>("--signing")
        {
            Description = "The kind of the signing key. secp256k1 makes the owner's key the signing key too.",
            DefaultValueFactory = _ => KeyAlgorithm.Ed25519.Name,
        }.AcceptOnlyFromAmong(KeyAlgorithm.Ed25519.Name, KeyAlgorithm.Secp256k1.Name);
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("create", "Make an agent: keys in a home folder, a record in the registry. Prints its DID.")
        {
            name,
            endpoint,
            home,
            registryFile,
            passphraseFile,
            signing,
            json,
        };
        command.Examples =
        [
            "export SAGE_PASSPHRASE='long and secret'",
            "sage agent create --name alice --endpoint https://alice.example/agent --home alice --registry agents.json",
            "sage agent create --name bob --endpoint http://127.0.0.1:5002 --home bob --registry agents.json --signing secp256k1",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            using Passphrase passphrase = PassphraseInput.Read(parsed.GetValue(passphraseFile));
            _ = KeyAlgorithm.TryParse(parsed.GetRequiredValue(signing), out KeyAlgorithm? algorithm);
            using NewAgent agent = new(parsed.GetRequiredValue(name), parsed.GetRequiredValue(endpoint)!.OriginalString.Trim(), algorithm!);
            FileAgentRegistry registry = new(parsed.GetRequiredValue(registryFile));
            await agent.SettleAsync(parsed.GetRequiredValue(home), passphrase.Memory, registry, cancellationToken);
            terminal.Text.WriteLine(parsed.GetValue(json) ? JsonText.Object(agent.WriteTo) : agent.Profile.Did.Value);
        });
        return command;
    }
}
