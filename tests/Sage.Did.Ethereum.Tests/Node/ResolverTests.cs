using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class ResolverTests
{
    private const AgentKeyPurposes Both = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    private RegistryChain chain = null!;

    [OneTimeSetUp]
    public async Task Start() => chain = await RegistryChain.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task Every_kind_of_key_is_resolved_in_the_order_of_the_registry()
    {
        using PrivateKey secp = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey p256 = PrivateKey.Generate(KeyAlgorithm.P256);
        using PrivateKey x = PrivateKey.Generate(KeyAlgorithm.X25519);
        UInt256 agent = await chain.RegisterAsync();
        await chain.AddAsync(agent, Prove(agent, ed), Prove(agent, secp, AgentKeyPurposes.Authentication), Prove(agent, p256, AgentKeyPurposes.Assertion), NewAgentKey.ForAgreement(x.PublicKey));
        await chain.SettleAsync();

        DidResolution resolution = await ResolveAsync(agent);
        BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
        Assert.That(resolution.Status, Is.EqualTo(DidResolutionStatus.Resolved));
        DidDocument document = resolution.Document!;
        Assert.That(document.Id, Is.EqualTo(chain.Deployment.FormatDid(agent)));
        Assert.That(document.Authentication, Is.EqualTo(new VerificationMethod[] { new("key-1", ed.PublicKey), new("key-2", secp.PublicKey) }));
        Assert.That(document.AssertionMethod, Is.EqualTo(new VerificationMethod[] { new("key-1", ed.PublicKey), new("key-3", p256.PublicKey) }));
        Assert.That(document.KeyAgreement, Is.EqualTo(new VerificationMethod[] { new("key-4", x.PublicKey) }));
        Assert.That(resolution.ObservedAt, Is.EqualTo(head.Timestamp).Within(TimeSpan.FromSeconds(5)).And.LessThanOrEqualTo(head.Timestamp));
    }

    [Test]
    public async Task A_key_counts_only_when_finalized_and_no_longer_when_the_head_says_so()
    {
        using PrivateKey first = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey second = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 agent = await chain.RegisterAsync();
        Assert.That((await ResolveAsync(agent)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        await chain.SettleAsync();

        NewAgentKey key = Prove(agent, first);
        await chain.AddAsync(agent, key);
        Assert.That((await ResolveAsync(agent)).Document!.VerificationMethods, Is.Empty);
        await chain.SettleAsync();
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { first.PublicKey }));

        await chain.AddAsync(agent, Prove(agent, second));
        await chain.SettleAsync();
        await chain.RevokeAsync(agent, key.KeyId);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { second.PublicKey }));
    }

    [Test]
    public async Task A_rotation_refuses_the_old_key_at_once_and_takes_the_new_one_when_finalized()
    {
        using PrivateKey old = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey fresh = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        UInt256 agent = await chain.RegisterAsync();
        NewAgentKey first = Prove(agent, old);
        await chain.AddAsync(agent, first);
        await chain.SettleAsync();

        await chain.RotateAsync(agent, first.KeyId, Prove(agent, fresh));
        Assert.That(await KeysAsync(agent), Is.Empty);
        await chain.SettleAsync();
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { fresh.PublicKey }));
    }

    [Test]
    public async Task Revoking_all_keys_deactivating_and_transferring_count_at_once()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 revoked = await AgentWithAsync(key);
        UInt256 inactive = await AgentWithAsync(key);
        UInt256 sold = await AgentWithAsync(key);
        await chain.SettleAsync();

        await chain.RevokeAllAsync(revoked);
        await chain.SetActiveAsync(inactive, false);
        await chain.TransferAsync(sold);
        Assert.That(await KeysAsync(revoked), Is.Empty);
        Assert.That((await ResolveAsync(inactive)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        Assert.That((await ResolveAsync(sold)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));

        await chain.SetActiveAsync(inactive, true);
        Assert.That((await ResolveAsync(inactive)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        await chain.SettleAsync();
        Assert.That(await KeysAsync(inactive), Is.EqualTo(new[] { key.PublicKey }));
        Assert.That(await KeysAsync(sold), Is.Empty);
    }

    [Test]
    public async Task A_key_whose_proof_is_another_keys_verifies_nothing_and_carries_no_agreement_key()
    {
        using PrivateKey victim = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey thief = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey x = PrivateKey.Generate(KeyAlgorithm.X25519);
        UInt256 agent = await chain.RegisterAsync();
        byte[] stolen = ChainKeyType.Encode(victim.PublicKey);
        byte[] proof = thief.Sign(new KeyMessages(chain.Deployment).Proof(agent, chain.Alice, ChainKeyType.Ed25519, 3, stolen));
        await chain.SendAsync(chain.Alice, chain.Deployment.KeyRegistry, "addKeys(uint256,(uint8,uint8,bytes,bytes)[])", writer =>
        {
            writer.Number(agent).BeginArray(2).BeginTuple().Number(3).Number(3).Bytes(stolen).Bytes(proof).End();
            NewAgentKey.ForAgreement(x.PublicKey).WriteTo(writer);
            writer.End();
        });
        await chain.SettleAsync();

        DidResolution resolution = await ResolveAsync(agent);
        Assert.That(resolution.Status, Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That(resolution.Document!.VerificationMethods, Is.Empty);
    }

    [Test]
    public async Task What_a_key_signs_is_what_the_contract_says()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.P256);
        UInt256 agent = await chain.RegisterAsync();
        BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
        KeyMessages messages = new(chain.Deployment);
        byte[] encoded = ChainKeyType.Encode(key.PublicKey);

        byte[] proof = await CallBytesAsync("proofMessage(uint256,uint8,uint8,bytes)", writer => writer.Number(agent).Number(2).Number(3).Bytes(encoded), head);
        byte[] revocation = await CallBytesAsync("revocationMessage(uint256,bytes32)", writer => writer.Number(agent).FixedBytes(KeyMessages.KeyId(2, encoded).ToArray()), head);
        Assert.That(messages.Proof(agent, chain.Alice, 2, 3, encoded), Is.EqualTo(proof));
        Assert.That(messages.Revocation(agent, KeyMessages.KeyId(2, encoded)), Is.EqualTo(revocation));
    }

    [Test]
    public async Task A_reorganisation_that_takes_a_revocation_away_does_not_bring_the_key_back_before_finality()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 agent = await chain.RegisterAsync();
        NewAgentKey added = Prove(agent, key);
        await chain.AddAsync(agent, added);
        await chain.SettleAsync();
        EthereumDidResolver watching = chain.Resolver();
        AgentDid did = chain.Deployment.FormatDid(agent);

        await chain.RevokeAsync(agent, added.KeyId);
        Assert.That((await watching.ResolveAsync(did)).Document!.Authentication, Is.Empty);
        await chain.Anvil.ReorgAsync(1);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { key.PublicKey }), "The revocation is gone for whoever did not see it.");
        Assert.That((await watching.ResolveAsync(did)).Document!.Authentication, Is.Empty);
        await chain.SettleAsync();
        Assert.That((await watching.ResolveAsync(did)).Document!.Authentication, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_head_that_stands_still_fails_and_says_how_old_it_is()
    {
        UInt256 agent = await chain.RegisterAsync();
        FakeTimeProvider later = new(TimeProvider.System.GetUtcNow().AddMinutes(10));
        DidResolutionException? exception = Assert.ThrowsAsync<DidResolutionException>(
            async () => await chain.Resolver(timeProvider: later).ResolveAsync(chain.Deployment.FormatDid(agent)));
        Assert.That(exception!.Message, Does.Match("head is [56][0-9][0-9] s old"));
    }

    [Test]
    public async Task A_did_of_elsewhere_is_not_found_and_one_in_another_spelling_is_invalid()
    {
        UInt256 agent = await chain.RegisterAsync();
        await chain.SettleAsync();
        EthereumDeployment otherChain = new(1, chain.Deployment.IdentityRegistry, chain.Deployment.KeyRegistry);
        EthereumDeployment otherIdentity = new(Anvil.ChainId, chain.Alice, chain.Deployment.KeyRegistry);
        string upper = $"did:sage:eip155:31337:0x{chain.Deployment.IdentityRegistry.ToLowerHex()[2..].ToUpperInvariant()}:{agent}";
        EthereumDidResolver resolver = chain.Resolver();

        Assert.That((await resolver.ResolveAsync(otherChain.FormatDid(agent))).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        Assert.That((await resolver.ResolveAsync(otherIdentity.FormatDid(agent))).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        Assert.That((await resolver.ResolveAsync(AgentDid.Parse(upper))).Status, Is.EqualTo(DidResolutionStatus.Invalid));
        Assert.That((await resolver.ResolveAsync(chain.Deployment.FormatDid(UInt256.MaxValue))).Status, Is.EqualTo(DidResolutionStatus.NotFound));
    }

    [Test]
    public void A_node_of_another_chain_and_contracts_that_do_not_belong_together_are_refused()
    {
        EthereumDeployment[] wrong =
        [
            new(1, chain.Deployment.IdentityRegistry, chain.Deployment.KeyRegistry),
            new(Anvil.ChainId, chain.Alice, chain.Deployment.KeyRegistry),
            new(Anvil.ChainId, chain.Deployment.KeyRegistry, chain.Deployment.IdentityRegistry),
        ];
        foreach (EthereumDeployment deployment in wrong)
        {
            EthereumDidResolver resolver = new(deployment, [chain.Anvil.Rpc]);
            Assert.That(async () => await resolver.ResolveAsync(deployment.FormatDid(0)), Throws.TypeOf<DidResolutionException>());
        }
    }

    [Test]
    public async Task Without_the_finalized_tag_only_the_stated_number_of_confirmations_settles()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 agent = await AgentWithAsync(key);
        await chain.Anvil.MineAsync(4);
        EthereumDidResolver resolver = chain.Resolver(new EthereumDidResolverOptions { Confirmations = 5 });

        Assert.That((await resolver.ResolveAsync(chain.Deployment.FormatDid(agent))).Document?.Authentication ?? [], Is.Empty);
        await chain.Anvil.MineAsync();
        Assert.That((await resolver.ResolveAsync(chain.Deployment.FormatDid(agent))).Document!.Authentication, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_endpoint_that_makes_a_key_up_adds_nothing_and_one_that_is_away_fails_unless_fewer_are_enough()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey forged = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        UInt256 agent = await AgentWithAsync(key);
        await chain.SettleAsync();
        AgentDid did = chain.Deployment.FormatDid(agent);
        BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
        await using HostileNode liar = new(request => request.Method switch
        {
            "eth_chainId" => HostileNode.Result(request, "\"0x7a69\""),
            "eth_getCode" => HostileNode.Result(request, "\"0x00\""),
            "eth_getBlockByNumber" => HostileNode.Result(request, $$"""{"number":"0x{{head.Number:x}}","hash":"{{head.Hash}}","parentHash":"{{head.ParentHash}}","timestamp":"0x{{head.Timestamp.ToUnixTimeSeconds():x}}"}"""),
            _ => HostileNode.Result(request, request.Body.Contains(Selector("identity()"), StringComparison.Ordinal)
                ? Hex(new AbiWriter().Address(chain.Deployment.IdentityRegistry).ToArray())
                : Hex(Answer(agent, Prove(agent, forged), forged))),
        });
        using HttpEthereumRpc lying = new(liar.Url);
        using HttpEthereumRpc away = new(new Uri("http://127.0.0.1:1/"), new EthereumRpcOptions { MaxAttempts = 1 });

        Assert.That((await chain.Resolver(null, null, lying).ResolveAsync(did)).Document!.Authentication.Single().PublicKey, Is.EqualTo(forged.PublicKey), "Alone it is believed.");
        Assert.That((await chain.Resolver(null, null, lying, chain.Anvil.Rpc).ResolveAsync(did)).Document!.VerificationMethods, Is.Empty);
        Assert.That(async () => await chain.Resolver(null, null, away, chain.Anvil.Rpc).ResolveAsync(did), Throws.TypeOf<DidResolutionException>());
        DidResolution enough = await chain.Resolver(new EthereumDidResolverOptions { MinEndpoints = 1 }, null, away, chain.Anvil.Rpc).ResolveAsync(did);
        Assert.That(enough.Document!.Authentication.Single().PublicKey, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public async Task The_container_resolves_the_deployment_beside_another_registry()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 agent = await AgentWithAsync(key);
        await chain.SettleAsync();
        ServiceCollection services = new();
        services.AddSage().AddEthereumRegistry(chain.Deployment, [chain.Anvil.Url]).AddInMemoryRegistry();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDidResolver resolver = provider.GetRequiredService<IDidResolver>();

        Assert.That((await resolver.ResolveAsync(chain.Deployment.FormatDid(agent))).HandshakeSigningKey, Is.EqualTo(key.PublicKey));
        Assert.That((await resolver.ResolveAsync(AgentDid.Parse("did:sage:ethereum:alice"))).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        Assert.That(() => services.AddSage().AddEthereumRegistry(chain.Deployment, [chain.Anvil.Url]), Throws.InvalidOperationException);
    }

    private static string Hex(byte[] bytes) => $"\"0x{Convert.ToHexStringLower(bytes)}\"";

    private static string Selector(string signature) => Convert.ToHexStringLower(AbiSignature.Parse(signature).Selector);

    private byte[] Answer(UInt256 agent, NewAgentKey key, PrivateKey holder)
    {
        byte[] encoded = ChainKeyType.Encode(key.PublicKey);
        byte[] proof = holder.Sign(new KeyMessages(chain.Deployment).Proof(agent, chain.Alice, key.Type, (byte)key.Purposes, encoded));
        return new AbiWriter().Address(chain.Alice).Bool(true).Number(1).BeginArray(1)
            .BeginTuple().FixedBytes(key.KeyId.ToArray()).Number(key.Type).Number((ulong)key.Purposes).Bool(false).Number(1).Number(1).Number(0).Bytes(encoded).Bytes(proof).End()
            .End().ToArray();
    }

    private NewAgentKey Prove(UInt256 agent, PrivateKey key, AgentKeyPurposes purposes = Both) => NewAgentKey.Prove(chain.Deployment, agent, chain.Alice, key, purposes);

    private async Task<UInt256> AgentWithAsync(PrivateKey key)
    {
        UInt256 agent = await chain.RegisterAsync();
        await chain.AddAsync(agent, Prove(agent, key));
        return agent;
    }

    private Task<DidResolution> ResolveAsync(UInt256 agent) => chain.Resolver().ResolveAsync(chain.Deployment.FormatDid(agent)).AsTask();

    private async Task<IEnumerable<PublicKey>> KeysAsync(UInt256 agent) => (await ResolveAsync(agent)).Document!.Authentication.Select(method => method.PublicKey);

    private async Task<byte[]> CallBytesAsync(string signature, Action<AbiWriter> write, BlockHeader block)
    {
        AbiWriter writer = new(AbiSignature.Parse(signature).Selector);
        write(writer);
        ReadOnlyMemory<byte> answer = await chain.Anvil.Client.CallAsync(chain.Deployment.KeyRegistry, writer.ToArray(), block.Hash);
        AbiReader reader = new(answer.Span, 1);
        byte[] bytes = reader.Bytes().ToArray();
        Assert.That(reader.TryEnd(), Is.True);
        return bytes;
    }
}
