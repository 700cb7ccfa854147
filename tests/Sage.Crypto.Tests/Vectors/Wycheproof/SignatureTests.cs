using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors.Wycheproof;

[TestFixture]
public sealed class SignatureTests
{
    [Test]
    public void Ed25519()
    {
        WycheproofFile file = WycheproofFile.Run("ed25519_test.json", (group, test) =>
            PublicKey.TryImport(KeyAlgorithm.Ed25519, WycheproofFile.Hex(group.GetProperty("publicKey"), "pk"), out PublicKey? key)
            && key.Verify(WycheproofFile.Hex(test, "msg"), WycheproofFile.Hex(test, "sig")));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(151));
    }

    [Test]
    public void Ecdsa_secp256k1_fixed_length()
    {
        // A signature of 65 bytes would be read as one with a recovery id; the file has no such case, which is checked here.
        WycheproofFile file = WycheproofFile.Run("ecdsa_secp256k1_sha256_p1363_test.json", (group, test) =>
        {
            byte[] signature = WycheproofFile.Hex(test, "sig");
            Assert.That(signature, Has.Length.Not.EqualTo(65));
            return Key(KeyAlgorithm.Secp256k1, group).VerifyDigest(Digest(test), signature);
        });

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(252));
    }

    [Test]
    public void Ecdsa_secp256k1_der()
    {
        WycheproofFile file = WycheproofFile.Run("ecdsa_secp256k1_sha256_test.json", (group, test) =>
            TryReadDer(WycheproofFile.Hex(test, "sig"), out byte[] signature)
            && Key(KeyAlgorithm.Secp256k1, group).VerifyDigest(Digest(test), signature));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(476));
    }

    [Test]
    public void Ecdsa_p256_fixed_length()
    {
        WycheproofFile file = WycheproofFile.Run("ecdsa_secp256r1_sha256_p1363_test.json", (group, test) =>
            Key(KeyAlgorithm.P256, group).Verify(WycheproofFile.Hex(test, "msg"), WycheproofFile.Hex(test, "sig")));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(262));
    }

    private static PublicKey Key(KeyAlgorithm algorithm, JsonElement group) =>
        PublicKey.Import(algorithm, WycheproofFile.Hex(group.GetProperty("publicKey"), "uncompressed"));

    private static byte[] Digest(JsonElement test) => SHA256.HashData(WycheproofFile.Hex(test, "msg"));

    /// <summary>SEQUENCE { INTEGER r, INTEGER s } in strict DER, to r‖s; the product itself has no DER signatures.</summary>
    private static bool TryReadDer(byte[] der, out byte[] signature)
    {
        signature = new byte[64];
        try
        {
            AsnReader outer = new(der, AsnEncodingRules.DER);
            AsnReader sequence = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            BigInteger r = sequence.ReadInteger();
            BigInteger s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            return TryWrite(r, signature.AsSpan(0, 32)) && TryWrite(s, signature.AsSpan(32));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool TryWrite(BigInteger value, Span<byte> destination)
    {
        if (value.Sign < 0 || value.GetByteCount(isUnsigned: true) > destination.Length)
        {
            return false;
        }

        int length = value.GetByteCount(isUnsigned: true);
        return value.TryWriteBytes(destination[^length..], out _, isUnsigned: true, isBigEndian: true);
    }
}
