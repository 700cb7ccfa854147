using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Sage.Conventions.Tests;

/// <summary>The code of docs/registry.md; <see cref="DocumentationTests"/> compares the regions, <see cref="RegistrySnippetTests"/> runs them.</summary>
internal static class RegistrySnippets
{
    public static void FileOnly(HostApplicationBuilder builder)
    {
        #region A file
        builder.Services.AddSage().AddFileRegistry("agents.json");
        #endregion
    }

    public static void Chain(HostApplicationBuilder builder, EthereumDeployment deployment)
    {
        #region The chain, and a file for the agents of this house
        builder.Services.AddSage()
            .AddFileRegistry("agents.json")
            .AddEthereumRegistry(deployment, [new Uri("https://node-a.example"), new Uri("https://node-b.example")]);
        #endregion
    }

    public static void Mirror(HostApplicationBuilder builder, EthereumDeployment deployment)
    {
        #region A mirror of the chain, and a file for the agents of this house
        builder.Services.AddSage()
            .AddFileRegistry("agents.json")
            .AddEthereumMirror(deployment, new Uri("http://127.0.0.1:8545"), options => options.FirstBlock = 21_000_000);
        #endregion
    }

    public static List<AgentDid> Find(RegistryMirror mirror, PublicKey key)
    {
        #region Whose key is this
        AgentQuery query = new() { Key = key, IsActive = true };
        List<AgentDid> agents = [];
        do
        {
            AgentPage page = mirror.Find(query);
            agents.AddRange(page.Agents.Select(agent => agent.Did));
            query.After = page.Next;
        }
        while (query.After is not null);
        #endregion
        return agents;
    }
}
