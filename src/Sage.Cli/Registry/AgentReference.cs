using System.CommandLine;
using System.CommandLine.Parsing;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>An agent as it is named on the command line: by its number, or by its DID.</summary>
internal sealed class AgentReference
{
    private readonly UInt256? number;
    private readonly AgentDid did;

    private AgentReference(UInt256 number) => this.number = number;

    private AgentReference(AgentDid did) => this.did = did;

    public static Option<AgentReference?> Option() => new("--agent")
    {
        Description = "The agent: its number in the identity registry, or its DID.",
        HelpName = "ID|DID",
        Required = true,
        CustomParser = Parse,
    };

    public static AgentReference? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (UInt256.TryParse(text, out UInt256 number))
        {
            return new AgentReference(number);
        }

        if (AgentDid.TryParse(text, out AgentDid did))
        {
            return new AgentReference(did);
        }

        result.AddError($"'{text}' is neither the number of an agent nor a DID.");
        return null;
    }

    /// <exception cref="CommandException">The DID is of another deployment.</exception>
    public UInt256 In(EthereumDeployment deployment)
    {
        if (number is { } agentId)
        {
            return agentId;
        }

        return deployment.TryParseDid(did, out agentId)
            ? agentId
            : throw CommandException.Refused($"{did} is no agent of this deployment, whose DIDs are like {deployment.FormatDid(0)}.");
    }
}
