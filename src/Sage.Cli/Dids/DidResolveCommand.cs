using System.CommandLine;
using Sage.Did;

namespace Sage.Cli;

/// <summary><c>sage did resolve</c>.</summary>
internal static class DidResolveCommand
{
    private const string RecordFormat = "record";
    private const string DocumentFormat = "document";

    public static CliCommand Create(Terminal terminal)
    {
        Argument<AgentDid> did = new("DID") { Description = "The identifier to look up.", CustomParser = DidArgument.Parse };
        Option<string?> registryFile = new("--registry")
        {
            Description = "The registry file. A did:key is its own record and needs none.",
            HelpName = "FILE",
            CustomParser = PathArgument.Parse,
        };
        Option<string?> format = new Option<string?>("--format")
        {
            Description = "record is the registry's entry, document the W3C DID document made of it. [default: record; document for did:key]",
        }.AcceptOnlyFromAmong(RecordFormat, DocumentFormat);
        Option<bool> json = new("--json") { Description = "Print one line with the answer and where it is from, for scripts." };
        CliCommand command = new("resolve", "Print what is known about an agent. Exit code 1 if it is unknown, deactivated or not to be trusted.")
        {
            did,
            registryFile,
            format,
            json,
        };
        command.Examples =
        [
            "sage did resolve did:sage:ethereum:0x… --registry agents.json",
            "sage did resolve did:sage:ethereum:0x… --registry agents.json --format document",
            "sage did resolve did:key:z6Mk…",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            AgentDid asked = parsed.GetValue(did);
            DidResolution resolution = await Resolution.RequireAsync(Resolver(asked, parsed.GetValue(registryFile)), asked, cancellationToken);
            string chosen = parsed.GetValue(format) ?? (resolution.Record is null ? DocumentFormat : RecordFormat);
            byte[] content = chosen == RecordFormat
                ? (resolution.Record ?? throw CommandException.Refused($"{asked} has no registry record; --format document shows what there is.")).ToJson()
                : resolution.Document!.ToJson();
            terminal.Text.WriteLine(parsed.GetValue(json) ? Resolution.Describe(resolution, chosen, content) : JsonText.Indent(content));
        });
        return command;
    }

    private static IDidResolver Resolver(AgentDid did, string? registryFile)
    {
        if (did.Method == "key")
        {
            return new DidKeyResolver();
        }

        return RegistryFile.Open(registryFile ?? throw CommandException.Usage("A DID of this method needs --registry FILE."));
    }
}
