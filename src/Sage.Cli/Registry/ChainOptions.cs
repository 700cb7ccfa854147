using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>The options that say which chain is meant and which nodes of it are asked.</summary>
/// <param name="takesSeveral">Whether the command asks several nodes.</param>
internal sealed class ChainOptions(bool takesSeveral = false)
{
    private const int MostNodes = 16;

    public Option<Uri[]> Nodes { get; } = new("--rpc")
    {
        Description = "A node's JSON-RPC URL: https, or http on this machine." + (takesSeveral ? " May be given several times." : ""),
        HelpName = "URL",
        Required = true,
        CustomParser = result => ParseNodes(result, takesSeveral ? MostNodes : 1),
    };

    public Option<bool> AllowHttp { get; } = new("--allow-http")
    {
        Description = "Allow plain http to another machine. Whoever is on the way can then answer in the node's place.",
    };

    public Option<ulong?> ChainId { get; } = new("--chain-id")
    {
        Description = "The chain (EIP-155); a node that serves another is refused.",
        HelpName = "N",
        CustomParser = ParseChainId,
    };

    public void AddTo(Command command)
    {
        command.Add(Nodes);
        command.Add(AllowHttp);
        command.Add(ChainId);
        command.Validators.Add(result =>
        {
            // The text, because asking for a value that could not be read throws.
            IEnumerable<string> urls = result.GetResult(Nodes)?.Tokens.Select(token => token.Value) ?? [];
            if (!result.GetValue(AllowHttp) && urls.Any(IsHttpElsewhere))
            {
                result.AddError("--rpc takes http only on this machine; --allow-http allows it elsewhere.");
            }
        });
    }

    /// <summary>The nodes; the caller disposes each.</summary>
    public IReadOnlyList<HttpEthereumRpc> Open(ParseResult parsed)
    {
        EthereumRpcOptions options = new() { AllowHttp = parsed.GetValue(AllowHttp) };
        return [.. parsed.GetRequiredValue(Nodes).Select(url => new HttpEthereumRpc(url, options))];
    }

    private static bool IsHttpElsewhere(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback;

    // No message repeats a URL: many hold the key of an account at a provider.
    private static Uri[] ParseNodes(ArgumentResult result, int most)
    {
        List<Uri> nodes = [];
        foreach (Token token in result.Tokens)
        {
            if (!Uri.TryCreate(token.Value, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url is not { UserInfo: "", Fragment: "" })
            {
                result.AddError("--rpc takes an http or https URL without user information and fragment.");
                return [];
            }

            nodes.Add(url);
        }

        if (nodes.Count > most)
        {
            result.AddError(most == 1 ? "--rpc can be given once: what is written goes through one node." : $"--rpc can be given {most} times at most.");
        }

        return [.. nodes];
    }

    private static ulong? ParseChainId(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong chainId) || chainId == 0)
        {
            result.AddError($"'{text}' is not a chain id, which is a number from 1.");
        }

        return chainId;
    }
}
