using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>What the container gives for a deployment.</summary>
internal sealed class ContainerTests
{
    private static readonly EthereumDeployment Deployment = new(
        1, EthereumAddress.Parse("0x1111111111111111111111111111111111111111"), EthereumAddress.Parse("0x2222222222222222222222222222222222222222"));

    private static readonly Uri[] Nodes = [new("http://127.0.0.1:1/")];

    [Test]
    public async Task Every_deployment_is_watched_unless_it_says_otherwise()
    {
        EthereumDeployment other = new(2, Deployment.IdentityRegistry, Deployment.KeyRegistry);
        EthereumDeployment quiet = new(3, Deployment.IdentityRegistry, Deployment.KeyRegistry);
        ServiceCollection services = new();
        services.AddSage().AddEthereumRegistry(Deployment, Nodes).AddEthereumRegistry(other, Nodes).AddEthereumRegistry(quiet, Nodes, configureWatch: watch => watch.Enabled = false);
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetServices<IHostedService>().Count(), Is.EqualTo(2));
    }

    [TestCase(0.099)]
    [TestCase(600.1)]
    public async Task An_interval_out_of_range_is_refused(double seconds)
    {
        ServiceCollection services = new();
        services.AddSage().AddEthereumRegistry(Deployment, Nodes, configureWatch: watch => watch.PollInterval = TimeSpan.FromSeconds(seconds));
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(() => provider.GetServices<IHostedService>().Count(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_writer_comes_from_the_container_and_there_is_one()
    {
        await using RegistryChain chain = await RegistryChain.StartAsync();
        using TestAccount account = await TestAccount.CreateAsync(chain.Anvil);
        TransactionSenderOptions options = new(100_000_000_000) { PollInterval = TimeSpan.FromMilliseconds(10) };
        ServiceCollection services = new();
        ISageBuilder builder = services.AddSage().AddEthereumWriter(chain.Deployment, chain.Anvil.Url, _ => account.Signer, options);
        Assert.That(() => builder.AddEthereumWriter(chain.Deployment, chain.Anvil.Url, _ => account.Signer, options), Throws.InvalidOperationException);
        await using ServiceProvider provider = services.BuildServiceProvider();
        UInt256 agent = await provider.GetRequiredService<EthereumAgentRegistry>().RegisterAsync("");
        await chain.SettleAsync();
        Assert.That(provider.GetRequiredService<TransactionSender>().Address, Is.EqualTo(account.Address));
        Assert.That((await chain.Resolver().ResolveAsync(chain.Deployment.FormatDid(agent))).Status, Is.EqualTo(DidResolutionStatus.Resolved));
    }
}
