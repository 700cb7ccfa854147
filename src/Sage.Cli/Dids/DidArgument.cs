using System.CommandLine.Parsing;
using Sage.Did;

namespace Sage.Cli;

/// <summary>Reads DIDs from the command line.</summary>
internal static class DidArgument
{
    public static AgentDid Parse(ArgumentResult result) => Parse(result.Tokens[0].Value, result);

    public static AgentDid Parse(string text, ArgumentResult result)
    {
        if (!AgentDid.TryParse(text, out AgentDid did))
        {
            result.AddError($"'{text}' is not a DID; one looks like did:sage:ethereum:0x….");
        }

        return did;
    }
}
