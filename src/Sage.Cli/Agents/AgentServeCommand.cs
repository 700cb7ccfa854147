using System.CommandLine;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary><c>sage agent serve</c>: an agent that echoes messages of sessions and signed requests.</summary>
internal static class AgentServeCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Option<string> home = SharedOptions.Home();
        Option<string> registryFile = SharedOptions.Registry();
        Option<string?> passphraseFile = SharedOptions.PassphraseFile();
        Option<int> port = new("--port")
        {
            Description = "The port on 127.0.0.1; 0 takes a free one.",
            HelpName = "P",
            Required = true,
            CustomParser = NumberArgument.Between(0, ushort.MaxValue),
        };
        Option<bool> requireCookie = new("--require-cookie")
        {
            Description = "Ask every caller for a cookie before doing any costly work for it. Without it, only under load.",
        };
        Option<AgentDid[]> accept = new("--accept")
        {
            Description = "Answer only this agent; may be given several times. Without it, anyone who proves a DID of the registry.",
            HelpName = "DID",
            CustomParser = result => [.. result.Tokens.Select(token => DidArgument.Parse(token.Value, result))],
        };
        CliCommand command = new("serve", "Answer sessions (/messages) and signed requests (/signed-echo) on 127.0.0.1 until interrupted. A session's reply is \"echo:\" and the message, a signed request's the same body, signed.")
        {
            home,
            registryFile,
            passphraseFile,
            port,
            requireCookie,
            accept,
        };
        command.Examples =
        [
            "sage agent serve --home alice --registry agents.json --port 5001",
            "sage agent serve --home alice --registry agents.json --port 0 --require-cookie --accept did:sage:ethereum:0x…",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            FileAgentRegistry registry = RegistryFile.Open(parsed.GetRequiredValue(registryFile));
            using AgentHome agent = await AgentHome.OpenAsync(parsed.GetRequiredValue(home), parsed.GetValue(passphraseFile), cancellationToken);
            string keyId = await agent.RequireRegisteredAsync(registry, cancellationToken);
            AgentSessionOptions options = new()
            {
                Accept = parsed.GetValue(accept) is { Length: > 0 } dids ? AcceptRule.Dids(dids) : AcceptRule.Anyone,
                RequireCookie = parsed.GetValue(requireCookie),
            };
            await EchoServer.RunAsync(terminal, agent, keyId, registry, options, parsed.GetRequiredValue(port), cancellationToken);
        });
        return command;
    }
}
