using Sage.Crypto;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>P-256 keys where the chain can check them (EIP-7951, from Osaka), and where it leaves that to whoever reads.</summary>
[TestFixture("osaka", true)]
[TestFixture("cancun", false)]
internal sealed class P256Tests(string hardfork, bool hasPrecompile)
{
    private RegistryChain chain = null!;
    private TestAccount account = null!;
    private TransactionSender sender = null!;
    private EthereumAgentRegistry registry = null!;
    private PrivateKey key = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync("--hardfork", hardfork);
        account = await TestAccount.CreateAsync(chain.Anvil);
        sender = new TransactionSender(chain.Anvil.Client, account.Signer, Anvil.ChainId, new TransactionSenderOptions(100_000_000_000) { PollInterval = TimeSpan.FromMilliseconds(10) });
        registry = new EthereumAgentRegistry(chain.Deployment, sender);
    }

    [SetUp]
    public void MakeKey() => key = PrivateKey.Generate(KeyAlgorithm.P256);

    [TearDown]
    public void EndKey() => key.Dispose();

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
    public async Task A_key_is_believed_whoever_checked_its_proof()
    {
        UInt256 agent = await registry.RegisterAsync("");
        NewAgentKey added = Prove(agent, key);
        await registry.AddKeysAsync(agent, [added]);

        (bool isProven, int proofLength) = await StoredAsync(agent, added.KeyId);
        Assert.That((isProven, proofLength), Is.EqualTo((hasPrecompile, hasPrecompile ? 0 : 64)));
        Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { key.PublicKey }));
    }

    [Test]
    public async Task A_false_proof_is_refused_by_the_chain_or_by_the_resolver()
    {
        UInt256 agent = await registry.RegisterAsync("");
        UInt256 other = await registry.RegisterAsync("");
        NewAgentKey foreign = Prove(other, key);
        if (hasPrecompile)
        {
            AgentRegistryException? refused = Assert.ThrowsAsync<AgentRegistryException>(async () => await registry.AddKeysAsync(agent, [foreign]));
            Assert.That(refused!.Error, Is.EqualTo(AgentRegistryError.InvalidProof));
            return;
        }

        await registry.AddKeysAsync(agent, [foreign]);
        Assert.That(await StoredAsync(agent, foreign.KeyId), Is.EqualTo((false, 64)));
        Assert.That(await KeysAsync(agent), Is.Empty);
    }

    [Test]
    public async Task A_key_revokes_itself_where_the_chain_can_check_its_signature()
    {
        UInt256 agent = await registry.RegisterAsync("");
        await registry.AddKeysAsync(agent, [Prove(agent, key)]);
        if (!hasPrecompile)
        {
            AgentRegistryException? refused = Assert.ThrowsAsync<AgentRegistryException>(async () => await registry.RevokeKeyBySignatureAsync(agent, key));
            Assert.That(refused!.Error, Is.EqualTo(AgentRegistryError.InvalidProof));
            Assert.That(await KeysAsync(agent), Is.EqualTo(new[] { key.PublicKey }));
            return;
        }

        using TestAccount relayer = await TestAccount.CreateAsync(chain.Anvil);
        using TransactionSender relaying = new(chain.Anvil.Client, relayer.Signer, Anvil.ChainId, new TransactionSenderOptions(100_000_000_000) { PollInterval = TimeSpan.FromMilliseconds(10) });
        await new EthereumAgentRegistry(chain.Deployment, relaying).RevokeKeyBySignatureAsync(agent, key);
        Assert.That(await KeysAsync(agent), Is.Empty);
    }

    private NewAgentKey Prove(UInt256 agent, PrivateKey holder) => NewAgentKey.Prove(chain.Deployment, agent, account.Address, holder, AgentKeyPurposes.Authentication);

    private async Task<(bool IsProven, int ProofLength)> StoredAsync(UInt256 agent, EthereumHash keyId)
    {
        AbiType type = AbiType.Parse("((bytes32,uint8,uint8,bool,uint32,uint64,uint64,bytes,bytes))");
        byte[] call = new AbiWriter(AbiSignature.Parse("getKey(uint256,bytes32)").Selector).Number(agent).FixedBytes(keyId.ToArray()).ToArray();
        BlockHeader head = await chain.Anvil.Client.GetBlockAsync(BlockTag.Latest);
        ReadOnlyMemory<byte> answer = await chain.Anvil.Client.CallAsync(chain.Deployment.KeyRegistry, call, head.Hash);
        Assert.That(AbiCodec.TryDecode(type, answer.Span, out AbiValue? value), Is.True);
        IReadOnlyList<AbiValue> stored = value!.Items![0].Items!;
        return (stored[3].Number == UInt256.One, stored[8].Bytes!.Value.Length);
    }

    private async Task<IEnumerable<PublicKey>> KeysAsync(UInt256 agent)
    {
        await chain.SettleAsync();
        return (await chain.Resolver().ResolveAsync(chain.Deployment.FormatDid(agent))).Document!.Authentication.Select(method => method.PublicKey);
    }
}
