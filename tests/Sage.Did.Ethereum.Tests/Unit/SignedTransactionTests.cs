using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Did.Ethereum.Rlp;
using Sage.Did.Ethereum.Transactions;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>A transaction has nine fields and a signature, each in its own shape, and nothing else.</summary>
[TestFixture]
internal sealed class SignedTransactionTests
{
    private static readonly byte[] Address = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
    private static readonly byte[] StorageKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Test]
    public async Task The_fields_as_they_should_be_are_read() => Assert.That(SignedTransaction.TryDecode(await RawAsync(_ => { }), out _), Is.True);

    // Each keeps the signature, which recovers to somebody whatever the fields are: the shape alone refuses them.
    [TestCase(5, 19, TestName = "a receiver of 19 bytes is refused")]
    [TestCase(5, 21, TestName = "a receiver of 21 bytes is refused")]
    [TestCase(0, 33, TestName = "a chain id of 33 bytes is refused")]
    [TestCase(1, 9, TestName = "a nonce of 9 bytes is refused")]
    [TestCase(4, 9, TestName = "a gas limit of 9 bytes is refused")]
    [TestCase(10, 33, TestName = "an r of 33 bytes is refused")]
    public async Task A_field_of_another_length(int field, int length) =>
        Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[field] = RlpItem.Of(Enumerable.Repeat((byte)1, length).ToArray())), out _), Is.False);

    [Test]
    public async Task A_field_too_many_or_too_few_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields.Add(RlpItem.Of([]))), out _), Is.False);
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields.RemoveAt(11)), out _), Is.False);
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[7] = RlpItem.List()), out _), Is.False);
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[8] = RlpItem.Of([])), out _), Is.False);
        }
    }

    [Test]
    public async Task An_entry_of_the_access_list_is_an_address_and_a_list_of_words()
    {
        RlpItem[] wrong =
        [
            RlpItem.Of(Address),
            RlpItem.List(RlpItem.Of(Address)),
            RlpItem.List(RlpItem.Of(Address), RlpItem.List(), RlpItem.Of([])),
            RlpItem.List(RlpItem.Of(Address.AsSpan(1)), RlpItem.List()),
            RlpItem.List(RlpItem.Of(Address), RlpItem.List(RlpItem.Of(StorageKey.AsSpan(1)))),
            RlpItem.List(RlpItem.Of(Address), RlpItem.List(RlpItem.List())),
            RlpItem.List(RlpItem.Of(Address), RlpItem.Of(StorageKey)),
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[8] = RlpItem.List(RlpItem.List(RlpItem.Of(Address), RlpItem.List(RlpItem.Of(StorageKey))))), out _), Is.True);
            foreach (RlpItem entry in wrong)
            {
                Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[8] = RlpItem.List(entry)), out _), Is.False, Convert.ToHexString(entry.Encode()));
            }
        }
    }

    [Test]
    public async Task A_transaction_of_more_than_128_KiB_is_refused()
    {
        int overhead = (await RawAsync(fields => fields[7] = RlpItem.Of(new byte[100_000]))).Length - 100_000;
        int room = SignedTransaction.MaximumSize - overhead;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[7] = RlpItem.Of(new byte[room])), out _), Is.True);
            Assert.That(SignedTransaction.TryDecode(await RawAsync(fields => fields[7] = RlpItem.Of(new byte[room + 1])), out _), Is.False);
        }
    }

    [Test]
    public void A_signer_that_changes_the_digest_it_was_given_changes_nothing()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

        Assert.That(async () => await Transaction.SignAsync(new OverwritingSigner(new KeyEthereumSigner(key))), Throws.TypeOf<CryptographicException>());
    }

    private static Eip1559Transaction Transaction { get; } = new()
    {
        ChainId = 31337,
        Nonce = 1,
        MaxPriorityFeePerGas = 1,
        MaxFeePerGas = 2,
        GasLimit = 21_000,
        To = EthereumAddress.FromBytes(Address),
    };

    /// <summary>A signed transaction with its fields changed afterwards, under the same signature.</summary>
    private static async Task<byte[]> RawAsync(Action<List<RlpItem>> change)
    {
        // This key's signature recovers under every change made here: whoever "signed" those is not asked.
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, SHA256.HashData("a sender"u8));
        SignedTransaction signed = await Transaction.SignAsync(new KeyEthereumSigner(key));
        Assert.That(RlpItem.TryDecode(signed.Raw.Span[1..], out RlpItem? item), Is.True);
        List<RlpItem> fields = [.. item!.Items!];
        change(fields);
        return [Eip1559Transaction.Type, .. RlpItem.List(fields).Encode()];
    }

    private sealed class OverwritingSigner(KeyEthereumSigner signer) : IEthereumSigner
    {
        public EthereumAddress Address => signer.Address;

        public ValueTask<EthereumSignature> SignDigestAsync(ReadOnlyMemory<byte> digest, EthereumSigningPurpose purpose, CancellationToken cancellationToken = default)
        {
            Assert.That(MemoryMarshal.TryGetArray(digest, out ArraySegment<byte> array), Is.True);
            SHA256.HashData("another transaction"u8, array);
            return signer.SignDigestAsync(digest, purpose, cancellationToken);
        }
    }
}
