using Sage.Did.Ethereum;

namespace Sage.Hosting;

/// <summary>Rules about where agents are looked up.</summary>
internal sealed class RegistryRules(RegistryOptions options, SecretSchemes schemes, List<string> problems)
{
    public void Run()
    {
        if (options.Kind == RegistryKind.File && options.Path is null)
        {
            problems.Add("'Sage:Registry:Path' is missing: 'Sage:Registry:Kind' is File. Set it to the path of the registry file.");
        }

        if (options.Kind != RegistryKind.File && options.Path is not null)
        {
            problems.Add("'Sage:Registry:Path' is only for the kind File: set 'Sage:Registry:Kind' to File, or remove the path.");
        }

        if (options.Kind == RegistryKind.None && !options.DidKey && options.Chains.Count == 0)
        {
            problems.Add("'Sage:Registry:Kind' is None, and there is no chain and no did:key: no agent could be looked up. Configure one of them.");
        }

        if (options.Chains.Count(chain => chain.Mirror) > 1)
        {
            problems.Add("'Sage:Registry:Chains:…:Mirror' is true for several chains: a host keeps one mirror. Leave it to one of them.");
        }

        HashSet<(long, EthereumAddress)> deployments = [];
        for (int i = 0; i < options.Chains.Count; i++)
        {
            CheckChain($"Sage:Registry:Chains:{i}", options.Chains[i], deployments);
        }
    }

    private void CheckChain(string key, ChainOptions chain, HashSet<(long ChainId, EthereumAddress Identity)> deployments)
    {
        bool hasIdentity = CheckAddress($"{key}:Identity", chain.Identity, out EthereumAddress identity);
        bool hasKeys = CheckAddress($"{key}:KeyRegistry", chain.KeyRegistry, out EthereumAddress keys);
        if (hasIdentity && hasKeys && identity == keys)
        {
            problems.Add($"'{key}:Identity' and '{key}:KeyRegistry' are the same address: they are two contracts.");
        }

        if (hasIdentity && !deployments.Add((chain.ChainId, identity)))
        {
            problems.Add($"'{key}' is a deployment that is there already: list each once, with all its endpoints.");
        }

        if (chain.Endpoints.Count == 0)
        {
            problems.Add($"'{key}:Endpoints' is missing: list the URL of at least one node from '{key}:Endpoints:0'.");
        }

        if (chain.MinEndpoints > chain.Endpoints.Count)
        {
            problems.Add($"'{key}:MinEndpoints' is greater than the number of '{key}:Endpoints'.");
        }

        if (chain.Mirror && (chain.Endpoints.Count > 1 || chain.MinEndpoints is not null))
        {
            problems.Add($"'{key}:Mirror' is true, and a mirror reads from one node: leave one of '{key}:Endpoints', and no '{key}:MinEndpoints'.");
        }

        if (!chain.Mirror && chain.FirstBlock is not null)
        {
            problems.Add($"'{key}:FirstBlock' is only for a mirror: set '{key}:Mirror' to true, or remove it.");
        }

        for (int i = 0; i < chain.Endpoints.Count; i++)
        {
            CheckEndpoint($"{key}:Endpoints:{i}", chain.Endpoints[i]);
        }
    }

    private void CheckEndpoint(string key, string text)
    {
        if (!text.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            schemes.Check(key, text, problems);
        }
        else if (!IsNode(text))
        {
            problems.Add($"'{key}' must be https (or http on this machine), without a user name: a node is believed.");
        }
    }

    /// <summary>Whether a text is the URL of a node.</summary>
    public static bool IsNode(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && UrlRules.IsSafe(url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    private bool CheckAddress(string key, string? text, out EthereumAddress address)
    {
        address = default;
        if (text is not null && EthereumAddress.TryParse(text, out address) && !address.IsZero)
        {
            return true;
        }

        problems.Add(text is null
            ? $"'{key}' is missing: set it to the address of the contract, 0x and 40 hexadecimal digits."
            : $"'{key}' must be an address other than zero, 0x and 40 hexadecimal digits, with a right checksum where upper and lower case are mixed.");
        return false;
    }
}
