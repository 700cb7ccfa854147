using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;

namespace Sage.Conventions.Tests;

/// <summary>What docs/registry.md shows makes an application that resolves, or refuses where nothing was read yet.</summary>
[TestFixture]
internal sealed class RegistrySnippetTests
{
    private static readonly EthereumDeployment Deployment = new(
        1, EthereumAddress.Parse("0x00000000000000000000000000000000000000a1"), EthereumAddress.Parse("0x00000000000000000000000000000000000000b2"));

    private static readonly AgentDid OnChain = Deployment.FormatDid(7);

    [Test]
    public async Task A_file_says_who_is_in_it()
    {
        using IHost host = Build(RegistrySnippets.FileOnly);
        Assert.That((await host.Services.GetRequiredService<IDidResolver>().ResolveAsync(OnChain)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
    }

    [Test]
    public async Task A_file_stands_beside_the_chain()
    {
        using IHost host = Build(builder => RegistrySnippets.Chain(builder, Deployment));
        Assert.That((await ResolveOtherAsync(host)).Source, Is.EqualTo("file"));
    }

    [Test]
    public async Task A_file_stands_beside_a_mirror_and_the_mirror_refuses_before_it_has_read()
    {
        using IHost host = Build(builder => RegistrySnippets.Mirror(builder, Deployment));
        Assert.That((await ResolveOtherAsync(host)).Source, Is.EqualTo("file"));
        Assert.That(async () => await host.Services.GetRequiredService<IDidResolver>().ResolveAsync(OnChain), Throws.TypeOf<DidResolutionException>());
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.That(() => RegistrySnippets.Find(host.Services.GetRequiredService<RegistryMirror>(), key.PublicKey), Throws.TypeOf<DidResolutionException>());
    }

    private static IHost Build(Action<HostApplicationBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder);
        return builder.Build();
    }

    private static async Task<DidResolution> ResolveOtherAsync(IHost host) =>
        await host.Services.GetRequiredService<IDidResolver>().ResolveAsync(AgentDid.Parse("did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3"));
}
