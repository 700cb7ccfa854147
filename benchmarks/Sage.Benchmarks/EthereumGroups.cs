using Sage.Crypto;
using Sage.Crypto.Internal.Backend;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Rlp;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Benchmarks;

/// <summary>What the chain leaf does for an agent: its answers, its proofs, its transactions.</summary>
internal static class EthereumGroups
{
    private static readonly EthereumDeployment Deployment = new(
        31337, EthereumAddress.Parse("0x5FbDB2315678afecb367f032d93F642f64180aa3"), EthereumAddress.Parse("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"));

    private static readonly EthereumAddress Owner = EthereumAddress.Parse("0x000000000000000000000000000000000000a11c");
    private static readonly UInt256 Agent = 7;
    private static readonly AbiType AnswerType = AbiType.Parse("(address,bool,uint64,(bytes32,uint8,uint8,bool,uint32,uint64,uint64,bytes,bytes)[])");

    public static Func<Group>[] All { get; } = [Resolve, Proof, Sign, Rlp, FromCache];

    private static Group Resolve()
    {
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey x = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] encoded = ChainKeyType.Encode(ed.PublicKey);
        byte[] message = new KeyMessages(Deployment).Proof(Agent, Owner, ChainKeyType.Ed25519, 3, encoded);
        byte[] proof = ed.Sign(message);
        AbiValue answer = AbiValue.List(
            AbiValue.Of(Owner), AbiValue.Of(true), AbiValue.Of(2), AbiValue.List(Entry(ChainKeyType.Ed25519, 3, encoded, proof), Entry(ChainKeyType.X25519, 4, ChainKeyType.Encode(x.PublicKey), [])));
        byte[] bytes = AbiCodec.Encode(AnswerType, answer);
        RegistryReader reader = new(Deployment);
        PublicKey key = ed.PublicKey;
        return new Group(
            "resolve() of an agent with two keys",
            new Candidate("verifying its Ed25519 proof", () => Require(key.Verify(message, proof))),
            new Candidate("RegistryReader.TryRead, that included", () => Require(reader.TryRead(Agent, bytes) is not null)),
            new Candidate("the general decoder, without it", () => Require(AbiCodec.TryDecode(AnswerType, bytes, out _))),
            new Candidate("encoding the answer", () => Require(AbiCodec.Encode(AnswerType, answer).Length == bytes.Length)),
            new Candidate("encoding the call", () => Require(new AbiWriter(Selector).Number(Agent).ToArray().Length == 36)));
    }

    private static byte[] Selector { get; } = AbiSignature.Parse("resolve(uint256)").Selector.ToArray();

    private static Group Proof()
    {
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        byte[] encoded = ChainKeyType.Encode(ed.PublicKey);
        KeyMessages messages = new(Deployment);
        byte[] data = new byte[192];
        byte[] hash = new byte[Keccak256.Size];
        return new Group(
            "EIP-712 digest of a key's proof",
            new Candidate("three hashes of Keccak-256 (32, 192 and 66 bytes)", () => HashThree(data, hash)),
            new Candidate("KeyMessages.Proof and its hash", () =>
            {
                Keccak256.Hash(messages.Proof(Agent, Owner, ChainKeyType.Ed25519, 3, encoded), hash);
            }));
    }

    private static void HashThree(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Keccak256.Hash(data[..32], hash);
        Keccak256.Hash(data, hash);
        Keccak256.Hash(data[..66], hash);
    }

    private static Group Sign()
    {
        PrivateKey account = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        KeyEthereumSigner signer = new(account);
        Eip1559Transaction transaction = Transaction();
        byte[] hash = transaction.SigningHash();
        EthereumSignature signature = Done(signer.SignDigestAsync(hash, EthereumSigningPurpose.Transaction));
        return new Group(
            "EIP-1559 transaction with 260 bytes of data",
            new Candidate("secp256k1: sign with recovery id, and recover", () =>
            {
                Done(signer.SignDigestAsync(hash, EthereumSigningPurpose.Transaction));
                Require(signature.TryRecover(hash, out _));
            }),
            new Candidate("secp256k1: sign with recovery id alone", () => Done(signer.SignDigestAsync(hash, EthereumSigningPurpose.Transaction))),
            new Candidate("Eip1559Transaction.SignAsync, sender checked", () => Require(Done(transaction.SignAsync(signer)).Raw.Length > 260)))
        {
            Owner = account,
        };
    }

    private static Group Rlp()
    {
        using PrivateKey account = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        Eip1559Transaction transaction = Transaction();
        byte[] raw = Done(transaction.SignAsync(new KeyEthereumSigner(account))).Raw.ToArray();
        Require(RlpItem.TryDecode(raw.AsSpan(1), out RlpItem? item));
        return new Group(
            "RLP of that transaction",
            new Candidate("copying its bytes", () => Require(raw.AsSpan(1).ToArray().Length > 0)),
            new Candidate("decode", () => Require(RlpItem.TryDecode(raw.AsSpan(1), out _))),
            new Candidate("encode", () => Require(item!.Encode().Length == raw.Length - 1)),
            new Candidate("encoding and hashing what is signed", () => Require(transaction.SigningHash().Length == Keccak256.Size)));
    }

    private static Group FromCache()
    {
        AgentDid did = Deployment.FormatDid(Agent);
        using PrivateKey ed = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        VerificationMethod method = new("key-1", ed.PublicKey);
        DidResolution resolution = new(did, DidResolutionStatus.Resolved, "eip155:31337", TimeProvider.System.GetUtcNow())
        {
            Document = new DidDocument { Id = did, Authentication = [method], AssertionMethod = [], KeyAgreement = [] },
        };
        CachingDidResolver cache = new(new Constant(resolution), new CachingDidResolverOptions { MaxAge = TimeSpan.FromDays(1) });
        Require(cache.ResolveAsync(did).AsTask().GetAwaiter().GetResult().HandshakeSigningKey is not null);
        return new Group(
            "agent of a chain, resolved before",
            new Candidate("CachingDidResolver", () => Require(Done(cache.ResolveAsync(did)).HandshakeSigningKey is not null)),
            new Candidate("EthereumDeployment.TryParseDid", () => Require(Deployment.TryParseDid(did, out _))))
        {
            FloorCount = 0,
        };
    }

    private static Eip1559Transaction Transaction() => new()
    {
        ChainId = 31337,
        Nonce = 9,
        MaxPriorityFeePerGas = 1_000_000_000,
        MaxFeePerGas = 30_000_000_000,
        GasLimit = 200_000,
        To = Deployment.KeyRegistry,
        Data = new byte[260],
    };

    private static AbiValue Entry(byte type, byte purposes, byte[] encoded, byte[] proof) => AbiValue.List(
        AbiValue.Of(KeyMessages.KeyId(type, encoded).ToArray()), AbiValue.Of(type), AbiValue.Of(purposes), AbiValue.Of(false), AbiValue.Of(1), AbiValue.Of(1_700_000_000), AbiValue.Of(0),
        AbiValue.Of(encoded), AbiValue.Of(proof));

    private static T Done<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }

    private sealed class Constant(DidResolution resolution) : IDidResolver
    {
        public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default) => ValueTask.FromResult(resolution);
    }
}
