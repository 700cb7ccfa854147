using Sage.Crypto;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests;

/// <summary>
/// The answers of an honest node about one agent with an Ed25519 and an X25519 key, none of which needs a chain. A test replaces
/// what it wants to be false.
/// </summary>
internal sealed class ScriptedRegistry
{
    private const ulong HeadNumber = 100;

    private static readonly AbiType AnswerType = AbiType.Parse("(address,bool,uint64,(bytes32,uint8,uint8,bool,uint32,uint64,uint64,bytes,bytes)[])");

    private readonly PrivateKey key = PrivateKey.Import(KeyAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)7, 32)]);
    private readonly PrivateKey agreement = PrivateKey.Import(KeyAlgorithm.X25519, [.. Enumerable.Repeat((byte)8, 32)]);

    public static EthereumAddress Owner { get; } = EthereumAddress.Parse("0x000000000000000000000000000000000000a11c");

    public static UInt256 Agent => 5;

    public EthereumDeployment Deployment { get; } = new(
        Anvil.ChainId, EthereumAddress.Parse("0x00000000000000000000000000000000001de471"), EthereumAddress.Parse("0x00000000000000000000000000000000000ca75e"));

    public AgentDid Did => Deployment.FormatDid(Agent);

    public PublicKey SigningKey => key.PublicKey;

    /// <summary>What <c>identity()</c> gives.</summary>
    public byte[] Identity() => new AbiWriter().Address(Deployment.IdentityRegistry).ToArray();

    /// <summary>A signing key as <c>resolve</c> lists it, with a genuine proof; <paramref name="tag"/> makes another one.</summary>
    public AbiValue[] Signing(byte tag = 0)
    {
        using PrivateKey? other = tag == 0 ? null : PrivateKey.Import(KeyAlgorithm.Ed25519, [.. Enumerable.Repeat(tag, 32)]);
        PrivateKey holder = other ?? key;
        byte[] encoded = ChainKeyType.Encode(holder.PublicKey);
        return Entry(ChainKeyType.Ed25519, AgentKeyPurposes.Authentication, encoded, holder.Sign(new KeyMessages(Deployment).Proof(Agent, Owner, ChainKeyType.Ed25519, 1, encoded)));
    }

    /// <summary>The agreement key as <c>resolve</c> lists it.</summary>
    public AbiValue[] Agreeing() => Entry(ChainKeyType.X25519, AgentKeyPurposes.KeyAgreement, ChainKeyType.Encode(agreement.PublicKey), []);

    /// <summary>What <c>resolve</c> gives.</summary>
    public static byte[] Answer(EthereumAddress owner, params AbiValue[][] keys) =>
        AbiCodec.Encode(AnswerType, AbiValue.List(AbiValue.Of(owner), AbiValue.Of(true), AbiValue.Of(3), AbiValue.List([.. keys.Select(entry => AbiValue.List(entry))])));

    public byte[] Answer() => Answer(Owner, Signing(), Agreeing());

    /// <summary>A block that was made so long ago.</summary>
    public static string Block(ulong number, TimeSpan age) =>
        $$"""{"number":"0x{{number:x}}","hash":"{{LogEmitter.Word(number)}}","parentHash":"{{LogEmitter.Word(number - 1)}}","timestamp":"0x{{(TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds():x}}"}""";

    /// <summary>The honest answer to a request.</summary>
    public byte[] Serve(HostileRequest request) => HostileNode.Result(request, Ask(request) switch
    {
        Question.Chain => "\"0x7a69\"",
        Question.Code => "\"0x00\"",
        Question.Finalized => Block(HeadNumber - 2, TimeSpan.FromSeconds(30)),
        Question.Latest => Block(HeadNumber, TimeSpan.FromSeconds(2)),
        Question.Confirmed => Block(HeadNumber - 5, TimeSpan.FromMinutes(1)),
        Question.Identity => Hex(Identity()),
        _ => Hex(Answer()),
    });

    /// <summary>What a request is about.</summary>
    public static Question Ask(HostileRequest request) => request.Method switch
    {
        "eth_chainId" => Question.Chain,
        "eth_getCode" => Question.Code,
        "eth_getBlockByNumber" => request.Parameters[0].GetString() switch
        {
            "finalized" => Question.Finalized,
            "latest" => Question.Latest,
            _ => Question.Confirmed,
        },
        _ => request.Parameters[0].GetProperty("input").GetString()!.Length == 10 ? Question.Identity : Question.Resolve,
    };

    public static string Hex(byte[] bytes) => $"\"0x{Convert.ToHexStringLower(bytes)}\"";

    private static AbiValue[] Entry(byte type, AgentKeyPurposes purposes, byte[] encoded, byte[] proof) =>
    [
        AbiValue.Of(KeyMessages.KeyId(type, encoded).ToArray()), AbiValue.Of(type), AbiValue.Of((ulong)purposes), AbiValue.Of(false), AbiValue.Of(1), AbiValue.Of(1), AbiValue.Of(0),
        AbiValue.Of(encoded), AbiValue.Of(proof),
    ];

    internal enum Question
    {
        Chain,
        Code,
        Finalized,
        Latest,
        Confirmed,
        Identity,
        Resolve,
    }
}
