using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>Deterministic ECDSA: RFC 6979 A.2.5 with SHA-256, and the secp256k1 vectors that wallets share.</summary>
[TestFixture]
public sealed class Rfc6979Tests
{
    private const string P256Key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";

    [TestCase(
        "sample",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")]
    [TestCase(
        "test",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083")]
    public void P256_signatures_are_the_published_ones(string message, string r, string s)
    {
        Assert.That(Sign(NistCurve.P256.Parameters, P256Key, message, lowS: false), Is.EqualTo(r + s));

        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.P256, Convert.FromHexString(P256Key));
        Assert.That(
            Convert.ToHexStringLower(key.PublicKey.Bytes),
            Is.EqualTo("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
        Assert.That(key.PublicKey.Verify(Encoding.ASCII.GetBytes(message), Convert.FromHexString(r + s)));
    }

    [Test]
    public void A_P256_key_signs_with_the_low_twin_of_the_published_signature()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.P256, Convert.FromHexString(P256Key));

        string signature = Convert.ToHexStringLower(key.Sign("sample"u8));

        Assert.That(signature[..64], Is.EqualTo("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"));
        Assert.That(signature[64..], Is.EqualTo("0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9"));
        Assert.That(Convert.ToHexStringLower(key.Sign("test"u8))[64..], Does.StartWith("019f4113"), "already low");
    }

    [TestCase(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
        "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [TestCase(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
        "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [TestCase(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
        "Satoshi Nakamoto",
        "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
        "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    [TestCase(
        "f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181",
        "Alan Turing",
        "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c",
        "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea")]
    public void Secp256k1_signatures_with_SHA256_are_the_published_ones(string secret, string message, string r, string s)
    {
        X9ECParameters curve = CustomNamedCurves.GetByName("secp256k1");

        Assert.That(Sign(curve, secret, message, lowS: true), Is.EqualTo(r + s));

        byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes(message));
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, Convert.FromHexString(secret));
        byte[] signature = new byte[65];
        key.SignDigest(digest, signature);
        Assert.That(Convert.ToHexStringLower(signature.AsSpan(0, 64)), Is.EqualTo(r + s));
        Assert.That(key.PublicKey.VerifyDigest(digest, signature));
    }

    [Test]
    public void The_Ethereum_address_and_digest_are_Ethereums()
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.Secp256k1, Convert.FromHexString(new string('0', 63) + "1"));
        Assert.That(key.PublicKey.GetEthereumAddress(), Is.EqualTo("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));

        byte[] digest = new byte[32];
        Keccak256.Hash([], digest);
        Assert.That(Convert.ToHexStringLower(digest), Is.EqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"));
        Keccak256.Hash("abc"u8, digest);
        Assert.That(Convert.ToHexStringLower(digest), Is.EqualTo("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
    }

    private static string Sign(X9ECParameters curve, string secret, string message, bool lowS)
    {
        byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes(message));
        (Org.BouncyCastle.Math.BigInteger r, Org.BouncyCastle.Math.BigInteger s, _) =
            Rfc6979.Sign(curve, Convert.FromHexString(secret), digest, lowS);
        byte[] bytes = new byte[64];
        EcdsaScalars.Write(r, bytes.AsSpan(0, 32));
        EcdsaScalars.Write(s, bytes.AsSpan(32));
        return Convert.ToHexStringLower(bytes);
    }
}
