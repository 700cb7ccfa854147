using System.CommandLine;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary><c>sage agent send</c>: opens a session and prints what the peer replies.</summary>
internal static class AgentSendCommand
{
    // The CLI is for trying things on one machine too; what is sent is encrypted whatever carries it.
    private static readonly EndpointPolicy Endpoints = new() { AllowLoopback = true, AllowHttp = true };

    public static CliCommand Create(Terminal terminal)
    {
        Option<string> home = SharedOptions.Home();
        Option<string> registryFile = SharedOptions.Registry();
        Option<string?> passphraseFile = SharedOptions.PassphraseFile();
        Option<AgentDid> to = new("--to") { Description = "The agent to talk to.", HelpName = "DID", Required = true, CustomParser = DidArgument.Parse };
        Option<Uri?> url = new("--url")
        {
            Description = "The base URL to call instead of the endpoint in the registry; its path is kept.",
            HelpName = "BASE",
            CustomParser = EndpointArgument.Parse,
        };
        MessageOptions messages = new();
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("send", "Send messages in an encrypted session and print the replies, one a line.")
        {
            home,
            registryFile,
            passphraseFile,
            to,
            url,
            messages.Text,
            messages.File,
            messages.Dash,
            messages.Count,
            json,
        };
        command.Validators.Add(messages.Validate);
        command.Examples =
        [
            "sage agent send --home bob --registry agents.json --to did:sage:ethereum:0x… --message hello",
            "sage agent send --home bob --registry agents.json --to did:sage:ethereum:0x… --message hello --count 600",
            "sage agent send --home bob --registry agents.json --to did:sage:ethereum:0x… --url http://127.0.0.1:5001 - < offer.pdf > reply.pdf",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            OutgoingMessages outgoing = await messages.ReadAsync(terminal, parsed, cancellationToken);
            FileAgentRegistry registry = RegistryFile.Open(parsed.GetRequiredValue(registryFile));
            using AgentHome agent = await AgentHome.OpenAsync(parsed.GetRequiredValue(home), parsed.GetValue(passphraseFile), cancellationToken);
            await agent.RequireRegisteredAsync(registry, cancellationToken);
            AgentDid peer = parsed.GetValue(to);
            await Resolution.RequireAsync(registry, peer, cancellationToken);

            using HttpSessionTransport transport = new(Endpoints);
            SessionClient client = new(agent.Agent, registry, transport, new AgentSessionOptions { Endpoints = Endpoints });
            await using AgentSession session = parsed.GetValue(url) is { } baseUrl
                ? await client.OpenAsync(peer, baseUrl, cancellationToken)
                : await client.OpenAsync(peer, cancellationToken);
            ReplyPrinter printer = new(terminal, parsed.GetValue(json), outgoing.IsOneFile);
            foreach (byte[] message in outgoing.Messages)
            {
                await printer.PrintAsync(await session.RequestAsync(message, cancellationToken), cancellationToken);
            }
        });
        return command;
    }
}
