using System.Globalization;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;

namespace Sage.Benchmarks;

/// <summary>A node in this process: one block with agents of one Ed25519 key each, so that what is measured has no network in it.</summary>
internal sealed class InProcessRegistry : IEthereumRpc, IDisposable
{
    private static readonly EthereumAddress Owner = EthereumAddress.Parse("0x00000000000000000000000000000000000000cc");

    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly byte[] encoded;
    private readonly string block;
    private readonly JsonElement logs;
    private readonly Dictionary<string, JsonElement> answers = [];

    public InProcessRegistry(int agents)
    {
        encoded = ChainKeyType.Encode(key.PublicKey);
        block = $$"""{"number":"0x1","hash":"{{Word(1)}}","parentHash":"{{Word(0)}}","timestamp":"0x{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds():x}}"}""";
        int index = 0;
        logs = Parse($"[{string.Join(',', Enumerable.Range(0, agents).SelectMany(agent => Logs((ulong)agent)).Select(log => Log(log.Contract, log.Topics, log.Data, index++)))}]");
    }

    public static EthereumDeployment Deployment { get; } = new(
        1, EthereumAddress.Parse("0x00000000000000000000000000000000000000a1"), EthereumAddress.Parse("0x00000000000000000000000000000000000000b2"));

    public static AgentDid Did(ulong agent) => Deployment.FormatDid(agent);

    public ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default) => ValueTask.FromResult(request.Method switch
    {
        "eth_chainId" => Parse("\"0x1\""),
        "eth_getCode" => Parse("\"0x00\""),
        "eth_getBlockByNumber" => Parse(block),
        "eth_getLogs" => logs,
        "eth_call" => Answer(request),
        _ => throw new InvalidOperationException(request.Method),
    });

    public void Dispose() => key.Dispose();

    private static EthereumHash Word(ulong value) => EthereumHash.Parse("0x" + value.ToString("x64", CultureInfo.InvariantCulture));

    private static EthereumHash Event(string signature) => EthereumHash.FromBytes(AbiSignature.Parse(signature).Hash.Span);

    private static EthereumHash Topic(EthereumAddress address) => EthereumHash.FromBytes([.. new byte[12], .. address.ToArray()]);

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Log(EthereumAddress contract, EthereumHash[] topics, byte[] data, int index) => $$"""
        {"address":"{{contract.ToLowerHex()}}","topics":[{{string.Join(',', topics.Select(topic => $"\"{topic}\""))}}],"data":"0x{{Convert.ToHexStringLower(data)}}",
         "blockNumber":"0x1","blockHash":"{{Word(1)}}","transactionHash":"{{Word(2)}}","logIndex":"0x{{index:x}}"}
        """;

    private IEnumerable<(EthereumAddress Contract, EthereumHash[] Topics, byte[] Data)> Logs(ulong agent)
    {
        yield return (Deployment.IdentityRegistry, [Event("Transfer(address,address,uint256)"), Word(0), Topic(Owner), Word(agent)], []);
        yield return (Deployment.KeyRegistry, [Event("EpochStarted(uint256,address,uint32,uint64)"), Word(agent), Topic(Owner)], new AbiWriter().Number(1).Number(1).ToArray());
        yield return (
            Deployment.KeyRegistry,
            [Event("KeyAdded(uint256,bytes32,uint8,uint8,bool,uint256,bytes,bytes,uint64)"), Word(agent), KeyMessages.KeyId(ChainKeyType.Ed25519, encoded)],
            new AbiWriter().Number(ChainKeyType.Ed25519).Number(3).Bool(false).Number(0).Bytes(encoded).Bytes(Proof(agent)).Number(2).ToArray());
    }

    private byte[] Proof(ulong agent) => key.Sign(new KeyMessages(Deployment).Proof(agent, Owner, ChainKeyType.Ed25519, 3, encoded));

    // Made once, so that it is not the making that is measured.
    private JsonElement Answer(EthereumRpcRequest request)
    {
        using JsonDocument parameters = JsonDocument.Parse(request.Parameters);
        string input = parameters.RootElement[0].GetProperty("input").GetString()!;
        if (!answers.TryGetValue(input, out JsonElement answer))
        {
            answers[input] = answer = Parse($"\"0x{Convert.ToHexStringLower(Call(Convert.FromHexString(input.AsSpan(2))))}\"");
        }

        return answer;
    }

    private byte[] Call(byte[] input)
    {
        if (input.Length == 4)
        {
            return new AbiWriter().Address(Deployment.IdentityRegistry).ToArray();
        }

        ulong agent = UInt256.FromBigEndian(input.AsSpan(4)).ToUInt64();
        return new AbiWriter().Address(Owner).Bool(true).Number(2)
            .BeginArray(1).BeginTuple()
            .FixedBytes(KeyMessages.KeyId(ChainKeyType.Ed25519, encoded).ToArray()).Number(ChainKeyType.Ed25519).Number(3).Bool(false).Number(1).Number(1).Number(0)
            .Bytes(encoded).Bytes(Proof(agent)).End().End().ToArray();
    }
}
