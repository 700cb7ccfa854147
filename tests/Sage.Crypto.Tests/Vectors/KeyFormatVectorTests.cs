using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors;

[TestFixture]
public sealed class KeyFormatVectorTests
{
    [TestCase("test-key-ed25519")]
    [TestCase("test-key-ecc-p256")]
    public void The_keys_of_RFC_9421_are_the_same_as_PEM_and_as_JWK(string name)
    {
        using JsonDocument document = Sage.Tests.ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement entry = document.RootElement.GetProperty("keys").GetProperty(name);
        string publicPem = entry.GetProperty("publicPem").GetString()!;
        using PrivateKey fromJwk = Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(entry.GetProperty("jwk").GetRawText()), KeyExportPolicy.AllowPlaintextExport);

        Assert.That(Pem.ImportPublicKey(Encoding.ASCII.GetBytes(publicPem)), Is.EqualTo(fromJwk.PublicKey));
        Assert.That(Pem.Export(fromJwk.PublicKey), Is.EqualTo(publicPem));
        if (fromJwk.Algorithm == KeyAlgorithm.Ed25519)
        {
            // The RFC prints the P-256 key in the older EC PRIVATE KEY form, which is not read.
            Assert.That(Encoding.ASCII.GetString(Pem.ExportPrivateKey(fromJwk)), Is.EqualTo(entry.GetProperty("privatePem").GetString()));
        }
    }

    [Test]
    public void The_Web_Bot_Auth_thumbprint_holds()
    {
        using JsonDocument document = Sage.Tests.ConformanceData.Json("web-bot-auth", "vectors.json");
        JsonElement vector = document.RootElement.GetProperty("jwk_thumbprint").EnumerateArray()
            .Single(static candidate => candidate.GetProperty("name").GetString() == "ed25519");
        PublicKey key = Jwk.ImportPublicKey(Encoding.UTF8.GetBytes(vector.GetProperty("jwk").GetString()!));

        Assert.That(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Jwk.Export(key))), Is.EqualTo(vector.GetProperty("precompute").GetString()));
        Assert.That(key.Thumbprint, Is.EqualTo(vector.GetProperty("thumbprint").GetString()));
    }
}
