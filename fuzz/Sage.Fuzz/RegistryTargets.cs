using Sage.Crypto;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;

namespace Sage.Fuzz;

/// <summary>What an Ethereum node answers to <c>resolve</c> of the key registry.</summary>
internal static class RegistryTargets
{
    private const int MaxKeys = 16;

    // The corpus is made for these, with keys and proofs that are genuine.
    private static readonly UInt256 Agent = 7;
    private static readonly EthereumDeployment Deployment = new(
        31337, EthereumAddress.Parse("0x00000000000000000000000000000000001de471"), EthereumAddress.Parse("0x00000000000000000000000000000000000ca75e"));

    private static readonly EthereumAddress Owner = EthereumAddress.Parse("0x000000000000000000000000000000000000a11c");
    private static readonly AbiType Answer = AbiType.Parse("(address,bool,uint64,(bytes32,uint8,uint8,bool,uint32,uint64,uint64,bytes,bytes)[])");
    private static readonly RegistryReader Reader = new(Deployment);
    private static readonly KeyMessages Messages = new(Deployment);

    public static FuzzTarget[] All { get; } =
    [
        new("registry-resolve", "what is read is what the general decoder reads, with an owner, at most 16 distinct keys, and no key whose proof does not hold", Resolve, Numbers(0x20, 0x21, 0x40, 0x60, 0x100, 0x120, 0x160, 0, 1, 2, 3, 4, 16, 17)),
    ];

    /// <summary>An answer with one key of each kind, the P-256 and the Ed25519 key left to readers.</summary>
    public static byte[] Genuine()
    {
        using PrivateKey secp = Key(KeyAlgorithm.Secp256k1, 1);
        using PrivateKey p256 = Key(KeyAlgorithm.P256, 2);
        using PrivateKey ed = Key(KeyAlgorithm.Ed25519, 3);
        using PrivateKey x = Key(KeyAlgorithm.X25519, 4);
        return AbiCodec.Encode(Answer, AbiValue.List(
            AbiValue.Of(Owner), AbiValue.Of(true), AbiValue.Of(9), AbiValue.List(Entry(secp, ChainKeyType.Secp256k1, 3), Entry(p256, ChainKeyType.P256, 2), Entry(ed, ChainKeyType.Ed25519, 1), Entry(x, ChainKeyType.X25519, 4))));
    }

    /// <summary>How many of an answer's keys may be used; null if it is refused.</summary>
    public static int? CountUsable(ReadOnlySpan<byte> answer) => Reader.TryRead(Agent, answer)?.Keys.Count(key => key.PublicKey is not null);

    private static void Resolve(ReadOnlySpan<byte> input)
    {
        if (Reader.TryRead(Agent, input) is not { } state)
        {
            return;
        }

        Oracle.Holds(AbiCodec.TryDecode(Answer, input, out AbiValue? value), "the general decoder refuses the answer");
        IReadOnlyList<AbiValue> members = value!.Items!;
        IReadOnlyList<AbiValue> keys = members[3].Items!;
        Oracle.Holds(!state.Owner.IsZero && state.Owner == members[0].ToAddress(), "the owner is another");
        Oracle.Holds(state.IsActive == (members[1].Number == UInt256.One) && (UInt256)state.Version == members[2].Number, "state or version is another");
        Oracle.Holds(keys.Count == state.Keys.Count && keys.Count <= MaxKeys, "there are other keys, or too many");
        Oracle.Holds(state.Keys.Select(key => key.KeyId).Distinct().Count() == keys.Count, "a key is there twice");
        for (int i = 0; i < keys.Count; i++)
        {
            Check(state.Owner, state.Keys[i], keys[i].Items!);
        }
    }

    private static void Check(EthereumAddress owner, ChainKey key, IReadOnlyList<AbiValue> entry)
    {
        (byte type, byte purposes, bool isProven) = ((byte)entry[1].Number!.Value.ToUInt64(), (byte)entry[2].Number!.Value.ToUInt64(), entry[3].Number == UInt256.One);
        (byte[] encoded, byte[] proof) = (entry[7].Bytes!.Value.ToArray(), entry[8].Bytes!.Value.ToArray());
        Oracle.Same(key.KeyId.ToArray(), entry[0].Bytes!.Value.Span, "the key has another name");
        Oracle.Holds(key.KeyId == KeyMessages.KeyId(type, encoded) && entry[6].Number == UInt256.Zero, "a key is listed under a false name, or revoked");
        if (key.PublicKey is not { } usable)
        {
            return;
        }

        Oracle.Holds(ChainKeyType.Of(usable.Algorithm) == type && ChainKeyType.Encode(usable).AsSpan().SequenceEqual(encoded), "a key is of another type or has two encodings");
        Oracle.Holds((byte)key.Purposes == purposes && (usable.Algorithm.CanAgree ? purposes == 4 : purposes is 1 or 2 or 3), "a key is for what it cannot do");
        bool isChecked = isProven && type is ChainKeyType.Secp256k1 or ChainKeyType.P256;
        Oracle.Holds(usable.Algorithm.CanAgree || (isProven && isChecked) || usable.Verify(Messages.Proof(Agent, owner, type, purposes, encoded), proof), "nobody proved to hold a key");
    }

    private static AbiValue Entry(PrivateKey key, byte type, byte purposes)
    {
        byte[] encoded = ChainKeyType.Encode(key.PublicKey);
        bool isProven = type == ChainKeyType.Secp256k1;
        byte[] proof = isProven || !key.Algorithm.CanSign ? [] : key.Sign(Messages.Proof(Agent, Owner, type, purposes, encoded));
        return AbiValue.List(
            AbiValue.Of(KeyMessages.KeyId(type, encoded).ToArray()), AbiValue.Of(type), AbiValue.Of(purposes), AbiValue.Of(isProven), AbiValue.Of(1), AbiValue.Of(1_700_000_000), AbiValue.Of(0),
            AbiValue.Of(encoded), AbiValue.Of(proof));
    }

    private static PrivateKey Key(KeyAlgorithm algorithm, byte seed) => PrivateKey.Import(algorithm, [.. Enumerable.Repeat(seed, 32)]);

    private static string[] Numbers(params int[] values) => [.. values.Select(value => new string('\0', 30) + (char)(value >> 8) + (char)(value & 0xFF))];
}
