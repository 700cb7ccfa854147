using System.Security.Cryptography;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>EIP-1559 transactions against the vectors of ethers: built, signed and read back.</summary>
[TestFixture]
internal sealed class TransactionVectorTests
{
    // eip1559-random-511 of the vectors.
    private const string Key = "bc4df7f932ef9fda522647a52f05c2cdac50e295a7a07d0fa418a963c9be28f5";

    private const string Signed =
        "02f8c9410315847ab41d1682c2f8941e2bf05d87864f7a373f0abae316e4767d8d817e81d586dec3fab68cfbf85bf859947605a8efd630c3b6c3c9eeb29d4815bdf632d870f842a0189330d4a387b77b35ffbfc4a411ecdb68e1e8f6d73633b1a655a3687b7e6075a05a3fd0fdfc2eddbb602d66a666256698e09a5a1ae5505550174aa13eb19a011801a0eeb3301e3a4ae196703fb8137d4907f15600b0bdab89f88ded82bdf3750e6605a07d5418ee2e6aa070f0c783647f4ee311848922fe2a57dccaacebfd0462fd1876";

    private static readonly Eip1559Transaction Example = new()
    {
        ChainId = 65,
        Nonce = 3,
        MaxPriorityFeePerGas = 0x15,
        MaxFeePerGas = 0x7ab41d16,
        GasLimit = 0xc2f8,
        To = EthereumAddress.Parse("0x1e2bf05d87864f7a373f0abae316e4767d8d817e"),
        Value = 0xd5,
        Data = Convert.FromHexString("dec3fab68cfb"),
        AccessList =
        [
            new AccessListEntry(
                EthereumAddress.Parse("0x7605a8efd630c3b6c3c9eeb29d4815bdf632d870"),
                [Word("189330d4a387b77b35ffbfc4a411ecdb68e1e8f6d73633b1a655a3687b7e6075"), Word("5a3fd0fdfc2eddbb602d66a666256698e09a5a1ae5505550174aa13eb19a0118")]),
        ],
    };

    [Test]
    public async Task The_transactions_of_ethers_are_built_signed_and_read_back()
    {
        JsonElement[] all = await EthersVectors.ReadAsync("typed-transactions");
        EthersVectors.Check([.. all.Where(element => Type(element) == 2)], 1024, element =>
        {
            using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, element.Hex("key"));
            Eip1559Transaction transaction = Read(element.GetProperty("tx"));
            SignedTransaction signed = transaction.SignAsync(new KeyEthereumSigner(key)).AsTask().Result;
            return !transaction.EncodeUnsigned().AsSpan().SequenceEqual(element.Hex("unsigned")) ? "another encoding"
                : !signed.Raw.Span.SequenceEqual(element.Hex("signed")) ? "another signature"
                : !SignedTransaction.TryDecode(signed.Raw.Span, out SignedTransaction? decoded) ? "does not decode"
                : decoded.Sender != EthereumAddress.Parse(element.GetProperty("address").GetString()) ? "another sender"
                : !decoded.Transaction.Encode(decoded.Signature).AsSpan().SequenceEqual(element.Hex("signed")) ? "decodes to something else"
                : null;
        });
    }

    [Test]
    public async Task A_transaction_of_another_type_is_refused()
    {
        JsonElement[] all = await EthersVectors.ReadAsync("typed-transactions");
        EthersVectors.Check([.. all.Where(element => Type(element) == 1)], 768, element =>
            SignedTransaction.TryDecode(element.Hex("signed"), out _) ? "is read as one of type 2" : null);
    }

    [Test]
    public async Task One_of_them_stands_here()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, Convert.FromHexString(Key));
        SignedTransaction signed = await Example.SignAsync(new KeyEthereumSigner(key));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexStringLower(signed.Raw.Span), Is.EqualTo(Signed));
            Assert.That(signed.Sender.ToLowerHex(), Is.EqualTo("0x3ceaee6d6ab88e5573c4e08e0f2876aa64ffb261"));
            Assert.That(signed.Hash.ToArray(), Is.EqualTo(Internal.Keccak.Hash(signed.Raw.Span)));
            Assert.That(SignedTransaction.TryDecode(signed.Raw.Span, out SignedTransaction? decoded), Is.True);
            Assert.That(decoded!.Transaction.AccessList[0].StorageKeys, Is.EqualTo(Example.AccessList[0].StorageKeys));
        }
    }

    [Test]
    public void A_signature_of_another_account_is_not_let_out()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        LyingSigner other = new(new KeyEthereumSigner(key), EthereumAddress.Parse("0x3ceaee6d6ab88e5573c4e08e0f2876aa64ffb261"), static digest => digest);
        LyingSigner changed = new(new KeyEthereumSigner(key), new KeyEthereumSigner(key).Address, static digest => SHA256.HashData(digest.Span));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await Example.SignAsync(other), Throws.TypeOf<CryptographicException>());
            Assert.That(async () => await Example.SignAsync(changed), Throws.TypeOf<CryptographicException>());
        }
    }

    [Test]
    public void A_changed_byte_is_refused_or_makes_another_sender()
    {
        byte[] raw = Convert.FromHexString(Signed);
        Assert.That(SignedTransaction.TryDecode(raw, out SignedTransaction? original), Is.True);
        for (int i = 0; i < raw.Length; i++)
        {
            byte[] changed = [.. raw];
            changed[i] ^= 1;
            Assert.That(SignedTransaction.TryDecode(changed, out SignedTransaction? decoded) && decoded.Sender == original!.Sender, Is.False, $"byte {i}");
            Assert.That(SignedTransaction.TryDecode(raw.AsSpan(0, i), out _), Is.False, $"{i} bytes");
        }

        Assert.That(SignedTransaction.TryDecode([.. raw, 0], out _), Is.False);
    }

    private static int Type(JsonElement element) => element.GetProperty("tx").GetProperty("type").GetInt32();

    private static UInt256 Word(string hex) => UInt256.FromBigEndian(Convert.FromHexString(hex));

    private static Eip1559Transaction Read(JsonElement tx)
    {
        UInt256 Number(string name) => tx.TryGetProperty(name, out JsonElement value) ? VectorValues.Number(value.ToString()) : 0;
        return new Eip1559Transaction
        {
            ChainId = Number("chainId"),
            Nonce = Number("nonce").ToUInt64(),
            MaxPriorityFeePerGas = Number("maxPriorityFeePerGas"),
            MaxFeePerGas = Number("maxFeePerGas"),
            GasLimit = Number("gasLimit").ToUInt64(),
            To = tx.TryGetProperty("to", out JsonElement to) ? EthereumAddress.Parse(to.GetString()) : null,
            Value = Number("value"),
            Data = tx.TryGetProperty("data", out JsonElement data) ? data.Hex() : default(ReadOnlyMemory<byte>),
            AccessList = tx.TryGetProperty("accessList", out JsonElement list)
                ? [.. list.EnumerateArray().Select(entry => new AccessListEntry(
                    EthereumAddress.Parse(entry.GetProperty("address").GetString()),
                    [.. entry.GetProperty("storageKeys").EnumerateArray().Select(key => UInt256.FromBigEndian(key.Hex()))]))]
                : [],
        };
    }

    /// <summary>Claims to be an account, or signs something else than it is given.</summary>
    private sealed class LyingSigner(KeyEthereumSigner signer, EthereumAddress address, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change) : IEthereumSigner
    {
        public EthereumAddress Address => address;

        public ValueTask<EthereumSignature> SignDigestAsync(ReadOnlyMemory<byte> digest, EthereumSigningPurpose purpose, CancellationToken cancellationToken = default) =>
            signer.SignDigestAsync(change(digest), purpose, cancellationToken);
    }
}
