using System.Text.Json;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Abi;
using Sage.Did.Ethereum.Rlp;
using Sage.Did.Ethereum.Transactions;

namespace Sage.AotSmoke;

internal static class EthereumJourneys
{
    private const string Agent = "340282366920938463463374607431768211456";

    private static readonly EthereumDeployment Deployment = new(
        31337, EthereumAddress.Parse("0x5FbDB2315678afecb367f032d93F642f64180aa3"), EthereumAddress.Parse("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"));

    /// <summary>A key that is proven for an agent goes out in a signed transaction, and the receipt comes back.</summary>
    public static async Task WriteAsync()
    {
        using PrivateKey account = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        KeyEthereumSigner signer = new(account);
        SignedTransaction? sent = null;
        using HttpClient connections = new(new ScriptedNode((method, parameters) =>
        {
            if (method == "eth_sendRawTransaction")
            {
                byte[] raw = Convert.FromHexString(parameters[0].GetString()!.AsSpan(2));
                Check.That(RlpItem.TryDecode(raw.AsSpan(1), out RlpItem? item) && item.Encode().AsSpan().SequenceEqual(raw.AsSpan(1)), "a transaction is a byte and RLP");
                Check.That(SignedTransaction.TryDecode(raw, out sent), "a transaction decodes");
            }

            return method switch
            {
                "eth_estimateGas" => "\"0x30000\"",
                "eth_getTransactionCount" => "\"0x0\"",
                "eth_feeHistory" => """{"oldestBlock":"0x1","baseFeePerGas":["0x3b9aca00","0x3b9aca00"],"reward":[["0x3b9aca00"]]}""",
                "eth_sendRawTransaction" => Hex(sent!.Hash.Span),
                "eth_getTransactionReceipt" =>
                    $$"""{"transactionHash":{{Hex(sent!.Hash.Span)}},"blockHash":{{Hex(Hash(2))}},"blockNumber":"0x2","status":"0x1","gasUsed":"0x20000","effectiveGasPrice":"0x3b9aca00","contractAddress":null,"logs":[]}""",
                _ => Read(method, parameters),
            };
        }));
        using HttpEthereumRpc node = new(new Uri("http://127.0.0.1/"), client: connections);
        using TransactionSender sender = new(new EthereumClient(node), signer, Deployment.ChainId, new TransactionSenderOptions(100_000_000_000));
        NewAgentKey proven = NewAgentKey.Prove(Deployment, 7, signer.Address, key, AgentKeyPurposes.Authentication);
        TransactionReceipt receipt = await new EthereumAgentRegistry(Deployment, sender).AddKeysAsync(7, [proven]);

        Check.That(receipt.IsSuccess && sent is not null && sent.Sender == signer.Address, "the account sent it");
        Check.That(AbiCodec.TryDecode(AbiType.Parse("(uint256,(uint8,uint8,bytes,bytes)[])"), sent!.Transaction.Data.Span[4..], out AbiValue? call), "the call decodes");
        IReadOnlyList<AbiValue> added = call!.Items![1].Items![0].Items!;
        Check.That(added[2].Bytes!.Value.Span.SequenceEqual(key.PublicKey.Bytes), "it carries the key");
        byte[] message = new KeyMessages(Deployment).Proof(7, signer.Address, ChainKeyType.Ed25519, 1, key.PublicKey.Bytes);
        Check.That(key.PublicKey.Verify(message, added[3].Bytes!.Value.Span), "it carries the proof");
    }

    /// <summary>An agent with a key, an agent that nobody registered, and a node of another chain.</summary>
    public static async Task ResolveAsync()
    {
        AgentDid did = Deployment.FormatDid(UInt256.Parse(Agent));
        Check.That(Deployment.TryParseDid(did, out UInt256 agent) && Deployment.FormatDid(agent) == did, "a DID comes back");
        Check.That(!Deployment.TryParseDid(AgentDid.Parse($"did:sage:eip155:1:0x5fbdb2315678afecb367f032d93f642f64180aa3:{Agent}"), out _), "a DID of another chain is none of here");

        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using HttpClient honest = new(new ScriptedNode((method, parameters) => IsResolve(method, parameters) ? Hex(Answer(agent, key)) : Read(method, parameters)));
        using HttpClient empty = new(new ScriptedNode((method, parameters) => IsResolve(method, parameters) ? Nonexistent(agent) : Read(method, parameters)));
        using HttpClient other = new(new ScriptedNode((method, parameters) => method == "eth_chainId" ? "\"0x1\"" : Read(method, parameters)));
        DidResolution resolution = await ResolveAsync(honest, did);
        Check.That(resolution.Document is { Authentication: [{ } method] } && method.PublicKey.Equals(key.PublicKey), "a key is found");
        Check.That((await ResolveAsync(empty, did)).Status == DidResolutionStatus.NotFound, "an agent that nobody registered is not");
        try
        {
            await ResolveAsync(other, did);
            Check.That(false, "a node of another chain is refused");
        }
        catch (DidResolutionException e)
        {
            Check.That(e.Message.Contains("serves chain 1", StringComparison.Ordinal), "the reason is told");
        }
    }

    private static async Task<DidResolution> ResolveAsync(HttpClient connections, AgentDid did)
    {
        using HttpEthereumRpc node = new(new Uri("http://127.0.0.1/"), client: connections);
        return await new CachingDidResolver(new EthereumDidResolver(Deployment, [node])).ResolveAsync(did);
    }

    private static string Read(string method, JsonElement parameters) => method switch
    {
        "eth_chainId" => "\"0x7a69\"",
        "eth_getCode" => "\"0x00\"",
        "eth_getBlockByNumber" =>
            $$"""{"number":"0x2","hash":{{Hex(Hash(2))}},"parentHash":{{Hex(Hash(1))}},"timestamp":"0x{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds():x}}"}""",
        "eth_call" => Hex(new AbiWriter().Address(Deployment.IdentityRegistry).ToArray()),
        _ => "null",
    };

    private static bool IsResolve(string method, JsonElement parameters) => method == "eth_call" && parameters[0].GetProperty("input").GetString()!.Length > 10;

    private static byte[] Answer(UInt256 agent, PrivateKey key)
    {
        byte[] encoded = ChainKeyType.Encode(key.PublicKey);
        EthereumAddress owner = Deployment.IdentityRegistry;
        byte[] proof = key.Sign(new KeyMessages(Deployment).Proof(agent, owner, ChainKeyType.Ed25519, 1, encoded));
        return new AbiWriter().Address(owner).Bool(true).Number(1).BeginArray(1)
            .BeginTuple().FixedBytes(KeyMessages.KeyId(ChainKeyType.Ed25519, encoded).ToArray()).Number(ChainKeyType.Ed25519).Number(1).Bool(false).Number(1).Number(1).Number(0).Bytes(encoded).Bytes(proof).End()
            .End().ToArray();
    }

    private static string Nonexistent(UInt256 agent) =>
        $$"""{"code":3,"message":"execution reverted","data":{{Hex(new AbiWriter(AbiSignature.Parse("ERC721NonexistentToken(uint256)").Selector).Number(agent).ToArray())}}}""";

    private static byte[] Hash(byte number) => [.. new byte[31], number];

    private static string Hex(ReadOnlySpan<byte> bytes) => $"\"0x{Convert.ToHexStringLower(bytes)}\"";
}
