using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit.DependencyInjection;

[TestFixture]
internal sealed class SageDidBuilderExtensionsTests
{
    [Test]
    public async Task The_verbs_make_one_resolver_of_all_methods()
    {
        using TestAgent agent = new();
        ServiceCollection services = new();
        services.AddSage().AddInMemoryRegistry(agent.Record()).AddDidKey();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDidResolver resolver = provider.GetRequiredService<IDidResolver>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await resolver.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
            Assert.That((await resolver.ResolveAsync(DidKeyResolver.Create(agent.Signer.PublicKey))).Status, Is.EqualTo(DidResolutionStatus.Resolved));
            Assert.That((await provider.GetRequiredService<IKeyResolver>().ResolveAsync(new KeyQuery(agent.Did.Value))).Keys, Is.EqualTo(new[] { agent.Signer.PublicKey }));
            Assert.That(await provider.GetRequiredService<IAgentRegistry>().GetAsync(agent.Did), Is.Not.Null);
        }
    }

    [Test]
    public async Task The_file_registry_is_registry_and_resolver()
    {
        using TestAgent agent = new();
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddSage().AddFileRegistry(folder.File("agents.json"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IAgentRegistry>().RegisterAsync(agent.Record(), agent.Owner);
        Assert.That((await provider.GetRequiredService<IDidResolver>().ResolveAsync(agent.Did)).Source, Is.EqualTo("file"));
    }

    [Test]
    public async Task A_method_of_the_application_is_resolved_by_its_resolver()
    {
        ServiceCollection services = new();
        services.AddSage().AddDidResolver("web", _ => new FakeSource(TimeProvider.System));
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That((await provider.GetRequiredService<IDidResolver>().ResolveAsync(AgentDid.Parse("did:web:example.com"))).Source, Is.EqualTo("fake"));
    }

    [Test]
    public void A_method_has_one_resolver()
    {
        ISageBuilder builder = new ServiceCollection().AddSage().AddFileRegistry("agents.json");
        Assert.That(() => builder.AddInMemoryRegistry(), Throws.InvalidOperationException.With.Message.Contains("sage"));
    }

    [Test]
    public async Task An_own_DID_that_is_none_is_refused()
    {
        ServiceCollection services = new();
        services.AddSage().AddDidKey();
        services.Configure<SageOptions>(options => options.Did = "nobody");
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(() => provider.GetRequiredService<IOptions<SageOptions>>().Value, Throws.TypeOf<OptionsValidationException>());
    }
}
