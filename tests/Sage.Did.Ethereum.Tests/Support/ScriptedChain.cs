using System.Text.Json;

namespace Sage.Did.Ethereum.Tests;

/// <summary>A node in memory whose chain a test writes: blocks that touch agents, other branches, and a head that lags.</summary>
internal sealed class ScriptedChain : IEthereumRpc
{
    public static readonly EthereumDeployment Deployment = new(
        Anvil.ChainId, EthereumAddress.Parse("0x1111111111111111111111111111111111111111"), EthereumAddress.Parse("0x2222222222222222222222222222222222222222"));

    private static readonly string KeyRevoked = EthereumHash.FromBytes(Abi.AbiSignature.Parse("KeyRevoked(uint256,bytes32,uint64)").Hash.Span).ToString();

    private readonly List<(EthereumHash Hash, ulong? Agent)> blocks = [];
    private ulong made;

    public ScriptedChain(int height)
    {
        for (int i = 0; i < height; i++)
        {
            Mine(null);
        }
    }

    /// <summary>How many of the newest blocks the node does not show.</summary>
    public int Lag { get; set; }

    public ulong Head => (ulong)(blocks.Count - 1 - Math.Min(Lag, blocks.Count - 1));

    /// <summary>The block that the node calls finalized; this chain may take that back too.</summary>
    public ulong Settled => Head - Math.Min(Head, 2);

    public EthereumHash HeadHash => blocks[(int)Head].Hash;

    public int Requests { get; private set; }

    /// <summary>No block is made twice.</summary>
    public void Mine(ulong? agent) => blocks.Add((LogEmitter.Word(++made), agent));

    /// <summary>Takes blocks away, but never the first.</summary>
    public void Drop(int count)
    {
        int dropped = Math.Min(count, blocks.Count - 1);
        blocks.RemoveRange(blocks.Count - dropped, dropped);
    }

    /// <summary>The last block shown that touched an agent, which stands for its state.</summary>
    public EthereumHash? StateOf(ulong agent) => blocks.Take((int)Head + 1).Where(block => block.Agent == agent).Select(block => (EthereumHash?)block.Hash).LastOrDefault();

    public ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default)
    {
        Requests++;
        JsonElement parameters = JsonDocument.Parse(request.Parameters).RootElement;
        string result = request.Method switch
        {
            "eth_chainId" => $"\"0x{Anvil.ChainId:x}\"",
            "eth_getCode" => "\"0x00\"",
            "eth_call" => $"\"0x{new string('0', 24)}{Deployment.IdentityRegistry.ToLowerHex()[2..]}\"",
            "eth_getBlockByNumber" => parameters[0].GetString() is "latest" ? Block(Head) : parameters[0].GetString() is "finalized" ? Block(Settled) : Block(Number(parameters[0])),
            _ => Logs(Number(parameters[0].GetProperty("fromBlock")), Number(parameters[0].GetProperty("toBlock"))),
        };
        return ValueTask.FromResult(JsonDocument.Parse(result).RootElement);
    }

    private static ulong Number(JsonElement quantity) => Convert.ToUInt64(quantity.GetString()![2..], 16);

    private string Block(ulong number)
    {
        EthereumHash parent = number > 0 && number <= Head ? blocks[(int)number - 1].Hash : default;
        return number > Head
            ? "null"
            : $$"""{"number":"0x{{number:x}}","hash":"{{blocks[(int)number].Hash}}","parentHash":"{{parent}}","timestamp":"0x{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds():x}}"}""";
    }

    private string Logs(ulong first, ulong last) => "[" + string.Join(',', blocks.Index().Where(block => (ulong)block.Index >= first && (ulong)block.Index <= Math.Min(last, Head))
        .Where(block => block.Item.Agent is not null)
        .Select(block => $$"""
            {"address":"{{Deployment.KeyRegistry.ToLowerHex()}}","topics":["{{KeyRevoked}}","{{LogEmitter.Word(block.Item.Agent!.Value)}}","{{LogEmitter.Word(1)}}"],
            "data":"{{LogEmitter.Word(1)}}","blockNumber":"0x{{block.Index:x}}","blockHash":"{{block.Item.Hash}}","transactionHash":"{{block.Item.Hash}}","logIndex":"0x0"}
            """)) + "]";
}
