using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>Chains without a finalized block, and chains that stand still.</summary>
internal sealed class FinalityTests
{
    private RegistryChain chain = null!;
    private PrivateKey key = null!;
    private AgentDid did;

    [SetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync();
        key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        UInt256 agent = await chain.RegisterAsync();
        await chain.AddAsync(agent, NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, key, AgentKeyPurposes.Authentication));
        await chain.SettleAsync();
        did = chain.Deployment.FormatDid(agent);
    }

    [TearDown]
    public async Task Stop()
    {
        key?.Dispose();
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task A_node_that_knows_no_finalized_block_is_refused_and_nothing_newer_is_taken_for_it([Values] bool asError)
    {
        bool hasTag = false;
        List<string> asked = [];
        RpcDecorator node = new(chain.Anvil.Rpc, (request, inner, token) =>
        {
            lock (asked)
            {
                asked.Add(request.Method);
            }

            return hasTag || !IsAbout(request, "finalized") ? inner.SendAsync(request, token)
                : asError ? throw new EthereumRpcException(EthereumRpcError.Node, "The node refuses: finalized block not found.")
                : ValueTask.FromResult(JsonDocument.Parse("null").RootElement);
        });
        CachingDidResolver resolver = new(chain.Resolver(null, null, node));

        DidResolutionException? exception = Assert.ThrowsAsync<DidResolutionException>(async () => await resolver.ResolveAsync(did));
        Assert.That(exception!.Message, Does.Contain("finalized"));
        Assert.That(asked, Has.No.Member("eth_call"), "Something was read at another block.");

        DidResolution confirmed = await chain.Resolver(new EthereumDidResolverOptions { Confirmations = 2 }, null, node).ResolveAsync(did);
        Assert.That(confirmed.Document!.Authentication.Single().PublicKey, Is.EqualTo(key.PublicKey));

        hasTag = true;
        Assert.That((await resolver.ResolveAsync(did)).Document!.Authentication.Single().PublicKey, Is.EqualTo(key.PublicKey), "The refusal was cached.");
    }

    [Test]
    public async Task A_head_that_stands_still_is_refused_by_its_own_timestamp_and_nothing_is_cached()
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        CachingDidResolver resolver = new(chain.Resolver(timeProvider: clock), new CachingDidResolverOptions { MaxAge = TimeSpan.FromMinutes(5) }, clock);
        Assert.That((await resolver.ResolveAsync(did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));

        clock.Advance(TimeSpan.FromMinutes(6));
        DidResolutionException? exception = Assert.ThrowsAsync<DidResolutionException>(async () => await resolver.ResolveAsync(did));
        Assert.That(exception!.Message, Does.Match("head is 3[0-9]{2} s old"));

        // The chain goes on: its clock is set to what the caller's says.
        await SetTimeAsync(clock.GetUtcNow());
        await chain.SettleAsync();
        DidResolution again = await resolver.ResolveAsync(did);
        Assert.That(again.Document!.Authentication.Single().PublicKey, Is.EqualTo(key.PublicKey));
        Assert.That(again.ObservedAt, Is.EqualTo(clock.GetUtcNow()).Within(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task A_head_of_the_future_is_refused_too()
    {
        CachingDidResolver resolver = new(chain.Resolver());
        await SetTimeAsync(TimeProvider.System.GetUtcNow().AddHours(1));
        await chain.SettleAsync();

        DidResolutionException? exception = Assert.ThrowsAsync<DidResolutionException>(async () => await resolver.ResolveAsync(did));
        Assert.That(exception!.Message, Does.Contain("s in the future"));
    }

    private static bool IsAbout(EthereumRpcRequest request, string tag) => request.Parameters.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(tag)) >= 0;

    private Task<JsonElement> SetTimeAsync(DateTimeOffset time) => chain.Anvil.AskAsync("evm_setTime", time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)).AsTask();
}
