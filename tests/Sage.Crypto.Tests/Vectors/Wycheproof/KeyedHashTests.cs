using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Vectors.Wycheproof;

/// <summary>HMAC and HKDF come from the base class library; the files check the calls that Sage makes.</summary>
[TestFixture]
public sealed class KeyedHashTests
{
    [Test]
    public void Hmac_sha256()
    {
        WycheproofFile file = WycheproofFile.Run("hmac_sha256_test.json", (_, test) =>
        {
            byte[] tag = WycheproofFile.Hex(test, "tag");
            byte[] key = WycheproofFile.Hex(test, "key");
            byte[] message = WycheproofFile.Hex(test, "msg");
            byte[] computed = HMACSHA256.HashData(key, message);
            if (key.Length >= 32)
            {
                using HmacKey imported = HmacKey.Import(key);
                Assert.That(imported.Verify(message, computed));
                Assert.That(imported.Verify(message, tag), Is.EqualTo(CryptographicOperations.FixedTimeEquals(computed, tag)));
            }

            return CryptographicOperations.FixedTimeEquals(computed.AsSpan(0, tag.Length), tag);
        });

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(174));
    }

    [Test]
    public void Hkdf_sha256()
    {
        WycheproofFile file = WycheproofFile.Run("hkdf_sha256_test.json", (_, test) =>
        {
            try
            {
                byte[] okm = new byte[test.GetProperty("size").GetInt32()];
                HKDF.DeriveKey(
                    HashAlgorithmName.SHA256,
                    WycheproofFile.Hex(test, "ikm"),
                    okm,
                    WycheproofFile.Hex(test, "salt"),
                    WycheproofFile.Hex(test, "info"));
                return CryptographicOperations.FixedTimeEquals(okm, WycheproofFile.Hex(test, "okm"));
            }
            catch (ArgumentException)
            {
                // More than 255 blocks.
                return false;
            }
        });

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(86));
    }
}
