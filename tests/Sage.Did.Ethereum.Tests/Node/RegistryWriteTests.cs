using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class RegistryWriteTests
{
    private const AgentKeyPurposes Both = AgentKeyPurposes.Authentication | AgentKeyPurposes.Assertion;

    private RegistryChain chain = null!;
    private PrivateKey account = null!;
    private TransactionSender sender = null!;
    private EthereumAgentRegistry registry = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync();
        account = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        KeyEthereumSigner signer = new(account);
        await chain.Anvil.AskAsync("anvil_setBalance", $"\"{signer.Address.ToLowerHex()}\"", "\"0xde0b6b3a7640000\"");
        sender = new TransactionSender(chain.Anvil.Client, signer, Anvil.ChainId, new TransactionSenderOptions(100_000_000_000) { PollInterval = TimeSpan.FromMilliseconds(10) });
        registry = new EthereumAgentRegistry(chain.Deployment, sender);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        sender?.Dispose();
        account?.Dispose();
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task An_agent_lives_from_registration_to_deactivation()
    {
        using PrivateKey secp = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey fresh = PrivateKey.Generate(KeyAlgorithm.P256);
        UInt256 agent = await registry.RegisterAsync("https://alice.example/agent.json");
        NewAgentKey first = Prove(agent, ed);
        await registry.AddKeysAsync(agent, [first, Prove(agent, secp)]);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { ed.PublicKey, secp.PublicKey }));

        NewAgentKey replacement = Prove(agent, fresh);
        await registry.RotateKeyAsync(agent, first.KeyId, replacement);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { fresh.PublicKey, secp.PublicKey }));
        await registry.RevokeKeyBySignatureAsync(agent, secp);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { fresh.PublicKey }));
        await registry.RevokeKeyAsync(agent, replacement.KeyId);
        Assert.That(await KeysAsync(agent), Is.Empty);

        using PrivateKey last = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await registry.AddKeysAsync(agent, [Prove(agent, last)]);
        await registry.RevokeAllAsync(agent);
        Assert.That(await KeysAsync(agent), Is.Empty);
        await registry.SetActiveAsync(agent, false);
        Assert.That((await chain.Resolver().ResolveAsync(chain.Deployment.FormatDid(agent))).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
    }

    [Test]
    public async Task What_the_contract_refuses_is_told_by_its_reason()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        UInt256 agent = await registry.RegisterAsync("");
        UInt256 foreign = await chain.RegisterAsync();
        NewAgentKey added = Prove(agent, key);
        await registry.AddKeysAsync(agent, [added]);

        Assert.That(Error(() => registry.AddKeysAsync(agent, [added])), Is.EqualTo(AgentRegistryError.KeyAlreadyKnown));
        Assert.That(Error(() => registry.AddKeysAsync(foreign, [added])), Is.EqualTo(AgentRegistryError.NotAuthorized));
        Assert.That(Error(() => registry.RevokeKeyAsync(agent, EthereumHash.FromBytes(new byte[32]))), Is.EqualTo(AgentRegistryError.KeyNotActive));
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        Assert.That(Error(() => registry.AddKeysAsync(agent, [Prove(foreign, other)])), Is.EqualTo(AgentRegistryError.InvalidProof));
    }

    [Test]
    public async Task Sixteen_keys_are_resolved_and_a_seventeenth_is_refused()
    {
        PrivateKey[] keys = [.. Enumerable.Range(0, 17).Select(_ => PrivateKey.Generate(KeyAlgorithm.Ed25519))];
        UInt256 agent = await registry.RegisterAsync("");
        await registry.AddKeysAsync(agent, [.. keys[..16].Select(key => Prove(agent, key))]);
        NewAgentKey last = Prove(agent, keys[16]);

        Assert.That(Error(() => registry.AddKeysAsync(agent, [last])), Is.EqualTo(AgentRegistryError.TooManyKeys));
        Assert.That(Error(() => registry.RotateKeyAsync(agent, default, last)), Is.EqualTo(AgentRegistryError.TooManyKeys));
        Assert.That(await KeysAsync(agent), Is.EqualTo(keys[..16].Select(key => key.PublicKey)));

        await registry.RotateKeyAsync(agent, Prove(agent, keys[0]).KeyId, last);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { keys[16] }.Concat(keys[1..16]).Select(key => key.PublicKey)));
        Array.ForEach(keys, key => key.Dispose());
    }

    [Test]
    public async Task An_agent_that_changes_hands_takes_no_key_along_until_it_comes_back()
    {
        using TestAccount bob = await TestAccount.CreateAsync(chain.Anvil);
        using TransactionSender ofBob = new(chain.Anvil.Client, bob.Signer, Anvil.ChainId, new TransactionSenderOptions(100_000_000_000) { PollInterval = TimeSpan.FromMilliseconds(10) });
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        UInt256 agent = await registry.RegisterAsync("");
        await registry.AddKeysAsync(agent, [Prove(agent, key)]);

        await registry.TransferAsync(agent, bob.Address);
        Assert.That(await KeysAsync(agent), Is.Empty);
        Assert.That(Error(() => registry.TransferAsync(agent, bob.Address)), Is.EqualTo(AgentRegistryError.NotAuthorized));

        await new EthereumAgentRegistry(chain.Deployment, ofBob).TransferAsync(agent, sender.Address);
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { key.PublicKey }));
    }

    [Test]
    public async Task An_agent_is_not_given_to_whom_cannot_have_it()
    {
        UInt256 agent = await registry.RegisterAsync("");

        Assert.That(Error(() => registry.TransferAsync(agent, chain.Deployment.KeyRegistry)), Is.EqualTo(AgentRegistryError.InvalidReceiver));
        Assert.That(Error(() => registry.TransferAsync(agent, EthereumAddress.Zero)), Is.EqualTo(AgentRegistryError.InvalidReceiver));
        Assert.That(Error(() => registry.TransferAsync(4711, chain.Bob)), Is.EqualTo(AgentRegistryError.NoSuchAgent));
        Assert.That(Error(() => registry.RevokeAllAsync(4711)), Is.EqualTo(AgentRegistryError.NoSuchAgent));
    }

    private static AgentRegistryError Error(Func<ValueTask<TransactionReceipt>> write) => Assert.ThrowsAsync<AgentRegistryException>(async () => await write())!.Error;

    private NewAgentKey Prove(UInt256 agent, PrivateKey key) => NewAgentKey.Prove(chain.Deployment, agent, sender.Address, key, Both);

    private async Task<IEnumerable<PublicKey>> KeysAsync(UInt256 agent)
    {
        await chain.SettleAsync();
        return (await chain.Resolver().ResolveAsync(chain.Deployment.FormatDid(agent))).Document!.Authentication.Select(method => method.PublicKey);
    }
}
