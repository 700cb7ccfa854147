namespace Sage.Did.Ethereum.Tests.Node;

internal sealed class ClientTests
{
    // PUSH1 42 PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN
    private const string Answers42 = "\"0x602a60005260206000f3\"";

    private static readonly EthereumAddress Contract = EthereumAddress.Parse("0x00000000000000000000000000000000000c0de1");

    private Anvil anvil = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        anvil = await Anvil.StartAsync();
        await anvil.AskAsync("anvil_setCode", $"\"{Contract.ToLowerHex()}\"", Answers42);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (anvil is not null)
        {
            await anvil.DisposeAsync();
        }
    }

    [Test]
    public async Task A_node_of_the_chain_with_the_contract_is_accepted_and_no_other()
    {
        await anvil.Client.CheckAsync(Anvil.ChainId, [Contract]);

        EthereumRpcException? wrongChain = Assert.ThrowsAsync<EthereumRpcException>(async () => await anvil.Client.CheckAsync(1, [Contract]));
        EthereumRpcException? noContract = Assert.ThrowsAsync<EthereumRpcException>(async () => await anvil.Client.CheckAsync(Anvil.ChainId, [EthereumAddress.Parse("0x00000000000000000000000000000000000c0de2")]));
        Assert.That((wrongChain!.Error, noContract!.Error), Is.EqualTo((EthereumRpcError.WrongChain, EthereumRpcError.NoContract)));
    }

    [Test]
    public async Task The_tags_name_blocks_of_growing_age_and_a_header_is_found_by_number_and_hash()
    {
        await anvil.MineAsync(3);
        BlockHeader latest = await anvil.Client.GetBlockAsync(BlockTag.Latest);
        BlockHeader safe = await anvil.Client.GetBlockAsync(BlockTag.Safe);
        BlockHeader finalized = await anvil.Client.GetBlockAsync(BlockTag.Finalized);

        Assert.That((safe.Number, finalized.Number), Is.EqualTo((latest.Number - 1, latest.Number - 2)));
        Assert.That((latest.ParentHash, safe.ParentHash), Is.EqualTo((safe.Hash, finalized.Hash)));
        Assert.That((await anvil.Client.FindBlockAsync(safe.Number))!.Hash, Is.EqualTo(safe.Hash));
        Assert.That((await anvil.Client.FindBlockByHashAsync(safe.Hash))!.Number, Is.EqualTo(safe.Number));
        Assert.That(await anvil.Client.FindBlockAsync(latest.Number + 100), Is.Null);
        Assert.That(latest.Timestamp, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task A_call_is_answered_in_the_state_after_the_block_it_names()
    {
        BlockHeader latest = await anvil.Client.GetBlockAsync(BlockTag.Latest);
        ReadOnlyMemory<byte> answer = await anvil.Client.CallAsync(Contract, default, latest.Hash);

        Assert.That(answer.Length, Is.EqualTo(32));
        Assert.That(answer.Span[31], Is.EqualTo(42));
    }

    [Test]
    public async Task A_call_at_a_block_that_a_reorganisation_took_away_fails()
    {
        await anvil.MineAsync(2);
        BlockHeader lost = await anvil.Client.GetBlockAsync(BlockTag.Latest);
        await anvil.ReorgAsync(1);

        Assert.That(async () => await anvil.Client.CallAsync(Contract, default, lost.Hash), Throws.TypeOf<EthereumRpcException>());
    }

    [Test]
    public async Task A_head_that_is_older_than_allowed_is_stale()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider later = new(TimeProvider.System.GetUtcNow().AddHours(2));
        EthereumClient client = new(anvil.Rpc, later);

        Assert.That((await anvil.Client.GetFreshBlockAsync(BlockTag.Latest, TimeSpan.FromHours(1))).Number, Is.GreaterThanOrEqualTo(0));
        EthereumRpcException? exception = Assert.ThrowsAsync<EthereumRpcException>(async () => await client.GetFreshBlockAsync(BlockTag.Latest, TimeSpan.FromHours(1)));
        Assert.That(exception!.Error, Is.EqualTo(EthereumRpcError.StaleHead));
    }
}
