using System.Text.Json;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests;

/// <summary>Logs as the two contracts write them.</summary>
internal sealed class RegistryLogs(EthereumDeployment deployment)
{
    private ulong index;

    public static EthereumDeployment Somewhere { get; } = new(
        Anvil.ChainId, EthereumAddress.Parse("0x00000000000000000000000000000000000000a1"), EthereumAddress.Parse("0x00000000000000000000000000000000000000b2"));

    public EthereumLog KeyAdded(UInt256 agent, RegisteredKey key, ulong at, ulong version) => Keys(
        "KeyAdded(uint256,bytes32,uint8,uint8,bool,uint256,bytes,bytes,uint64)",
        [Topic(agent), key.KeyId],
        new AbiWriter().Number(key.Type).Number(key.Purposes).Bool(key.IsProven).Number(at).Bytes(key.Encoded.Span).Bytes(key.Proof.Span).Number(version));

    public EthereumLog KeyRevoked(UInt256 agent, EthereumHash keyId, ulong version) =>
        Keys("KeyRevoked(uint256,bytes32,uint64)", [Topic(agent), keyId], new AbiWriter().Number(version));

    public EthereumLog EpochStarted(UInt256 agent, EthereumAddress owner, ulong epoch, ulong version) =>
        Keys("EpochStarted(uint256,address,uint32,uint64)", [Topic(agent), Topic(owner)], new AbiWriter().Number(epoch).Number(version));

    public EthereumLog ActiveSet(UInt256 agent, bool active, ulong version) =>
        Keys("ActiveSet(uint256,bool,uint64)", [Topic(agent)], new AbiWriter().Bool(active).Number(version));

    public EthereumLog Transfer(UInt256 agent, EthereumAddress from, EthereumAddress to) =>
        Identity("Transfer(address,address,uint256)", [Topic(from), Topic(to), Topic(agent)], new AbiWriter());

    public EthereumLog Registered(UInt256 agent, ReadOnlySpan<byte> uri, EthereumAddress owner) =>
        Identity("Registered(uint256,string,address)", [Topic(agent), Topic(owner)], new AbiWriter().Bytes(uri));

    public EthereumLog UriUpdated(UInt256 agent, ReadOnlySpan<byte> uri, EthereumAddress by) =>
        Identity("URIUpdated(uint256,string,address)", [Topic(agent), Topic(by)], new AbiWriter().Bytes(uri));

    public EthereumLog Write(EthereumAddress contract, EthereumHash[] topics, byte[] data)
    {
        using JsonDocument json = JsonDocument.Parse($$"""
            {"address":"{{contract.ToLowerHex()}}","topics":[{{string.Join(',', topics.Select(topic => $"\"{topic}\""))}}],
             "data":"0x{{Convert.ToHexStringLower(data)}}","blockNumber":"0x1","blockHash":"{{LogEmitter.Word(1)}}","transactionHash":"{{LogEmitter.Word(2)}}",
             "logIndex":"0x{{index++:x}}"}
            """);
        return EthereumLog.TryRead(json.RootElement, out _)!;
    }

    public static EthereumHash Hash(string signature) => EthereumHash.FromBytes(AbiSignature.Parse(signature).Hash.Span);

    public static EthereumHash Topic(UInt256 number)
    {
        byte[] word = new byte[32];
        number.WriteBigEndian(word);
        return EthereumHash.FromBytes(word);
    }

    public static EthereumHash Topic(EthereumAddress address) => EthereumHash.FromBytes([.. new byte[12], .. address.ToArray()]);

    private EthereumLog Keys(string signature, EthereumHash[] topics, AbiWriter data) => Write(deployment.KeyRegistry, [Hash(signature), .. topics], data.ToArray());

    private EthereumLog Identity(string signature, EthereumHash[] topics, AbiWriter data) => Write(deployment.IdentityRegistry, [Hash(signature), .. topics], data.ToArray());
}
