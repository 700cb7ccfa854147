using Microsoft.Extensions.DependencyInjection;
using Sage.Did.Ethereum;

namespace Sage.Hosting;

/// <summary>Registers where agents are looked up.</summary>
internal sealed class RegistryComposition(ISageBuilder sage, RegistryOptions options, SecretReader secrets)
{
    public void Compose()
    {
        _ = options.Kind switch
        {
            RegistryKind.File => sage.AddFileRegistry(options.Path!),
            RegistryKind.Memory => sage.AddInMemoryRegistry(),
            _ => sage,
        };
        if (options.DidKey)
        {
            sage.AddDidKey();
        }

        for (int i = 0; i < options.Chains.Count; i++)
        {
            AddChain(options.Chains[i], $"Sage:Registry:Chains:{i}:Endpoints");
        }
    }

    private void AddChain(ChainOptions chain, string key)
    {
        EthereumDeployment deployment = new((ulong)chain.ChainId, EthereumAddress.Parse(chain.Identity), EthereumAddress.Parse(chain.KeyRegistry));
        Uri?[] nodes = [.. chain.Endpoints.Select((text, i) => Node($"{key}:{i}", text))];
        if (nodes.All(node => node is not null))
        {
            AddChain(deployment, [.. nodes.Select(node => node!)], chain);
        }
    }

    private void AddChain(EthereumDeployment deployment, Uri[] nodes, ChainOptions chain) => _ = chain.Mirror
        ? sage.AddEthereumMirror(deployment, nodes[0], mirror =>
        {
            mirror.Confirmations = chain.Confirmations;
            mirror.MaxHeadAge = chain.MaxHeadAge;
            mirror.FirstBlock = (ulong?)chain.FirstBlock;
        })
        : sage.AddEthereumRegistry(deployment, nodes, resolver =>
        {
            resolver.Confirmations = chain.Confirmations;
            resolver.MinEndpoints = chain.MinEndpoints;
            resolver.MaxHeadAge = chain.MaxHeadAge;
        });

    private Uri? Node(string key, string text)
    {
        string? url = RegistryRules.IsNode(text) ? text : secrets.Read(key, text);
        return url is null ? null
            : RegistryRules.IsNode(url) ? new Uri(url)
            : secrets.Refuse<Uri>(key, "what it refers to must be an https URL (or http on this machine), without a user name.");
    }
}
