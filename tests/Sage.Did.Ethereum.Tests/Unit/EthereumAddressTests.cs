using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>Addresses and the checksum of EIP-55.</summary>
[TestFixture]
internal sealed class EthereumAddressTests
{
    // The examples of EIP-55.
    private static readonly string[] Checksummed =
    [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ];

    [TestCaseSource(nameof(Checksummed))]
    public void The_examples_of_the_standard_read_and_write(string text)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EthereumAddress.Parse(text).ToString(), Is.EqualTo(text));
            Assert.That(EthereumAddress.Parse(text.ToLowerInvariant()).ToString(), Is.EqualTo(text));
            Assert.That(EthereumAddress.Parse("0x" + text[2..].ToUpperInvariant()).ToString(), Is.EqualTo(text));
            Assert.That(EthereumAddress.Parse(text).ToLowerHex(), Is.EqualTo(text.ToLowerInvariant()));
            Assert.That(EthereumAddress.FromBytes(EthereumAddress.Parse(text).ToArray()), Is.EqualTo(EthereumAddress.Parse(text)));
        }
    }

    [Test]
    public void A_letter_in_the_wrong_case_is_refused()
    {
        const string Right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        foreach (int at in Enumerable.Range(2, 40).Where(i => char.IsAsciiLetter(Right[i])))
        {
            string wrong = string.Concat(Right.AsSpan(0, at), ((char)(Right[at] ^ 0x20)).ToString(), Right.AsSpan(at + 1));
            Assert.That(EthereumAddress.TryParse(wrong, out _), Is.False, wrong);
        }
    }

    [TestCase("")]
    [TestCase("0x")]
    [TestCase("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [TestCase("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaedd")]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [TestCase(" 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    public void What_is_no_address_is_refused(string text)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EthereumAddress.TryParse(text, out _), Is.False);
            Assert.That(() => EthereumAddress.Parse(text), Throws.TypeOf<FormatException>());
        }
    }

    [Test]
    public void The_address_of_a_key_is_the_one_the_crypto_package_gives()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EthereumAddress.FromPublicKey(key.PublicKey).ToLowerHex(), Is.EqualTo(key.PublicKey.GetEthereumAddress()));
            Assert.That(() => EthereumAddress.FromPublicKey(other.PublicKey), Throws.ArgumentException);
            Assert.That(EthereumAddress.Zero.IsZero && default(EthereumAddress) == EthereumAddress.Zero, Is.True);
            Assert.That(() => EthereumAddress.FromBytes(new byte[19]), Throws.ArgumentException);
        }
    }
}
