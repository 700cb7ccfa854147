using System.Text;
using System.Text.Json;
using Sage.Crypto.Tests.Unit.Formats;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>The keys of RFC 9421 B.1 and what the RFC signs with them, from its signature bases.</summary>
[TestFixture]
public sealed class Rfc9421Tests
{
    // B.1.5.
    private const string SharedSecret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

    [Test]
    public void B_2_1_is_a_signature_of_the_PSS_key()
    {
        PublicKey key = Pem.ImportPublicKey(Encoding.ASCII.GetBytes(RsaKeys.PssPublicPem), KeyAlgorithm.RsaPssSha512);
        byte[] message = Encoding.ASCII.GetBytes("\"@signature-params\": ();created=1618884473;keyid=\"test-key-rsa-pss\";nonce=\"b3k2pp5k7z-50gnwp.yemd\"");
        byte[] signature = Convert.FromBase64String(
            "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==");

        Assert.That(key.Verify(message, signature));
        Assert.That(PublicKey.Import(KeyAlgorithm.RsaV15Sha256, key.Bytes).Verify(message, signature), Is.False, "the other scheme");
        Assert.That(key.Thumbprint, Is.EqualTo("oD0HwocPBSfpNy5W3bpJeyFGY_IQ_YpqxSjQ3Yd-CLA"));
    }

    [Test]
    public void The_proxy_of_4_3_signs_with_the_other_RSA_key()
    {
        PublicKey key = Jwk.ImportPublicKey(Encoding.ASCII.GetBytes($$"""{"kty":"RSA","alg":"rsa-v1_5-sha256","e":"AQAB","n":"{{RsaKeys.V15Modulus}}"}"""));
        byte[] message = Encoding.ASCII.GetBytes(
            "\"@method\": POST\n\"@authority\": origin.host.internal.example\n\"@path\": /foo\n\"content-digest\": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:\n\"content-type\": application/json\n\"content-length\": 18\n\"forwarded\": for=192.0.2.123;host=example.com;proto=https\n\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" \"content-length\" \"forwarded\");created=1618884480;keyid=\"test-key-rsa\";alg=\"rsa-v1_5-sha256\";expires=1618884540");
        byte[] signature = Convert.FromBase64String(
            "S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==");

        Assert.That(key.Verify(message, signature));
        Assert.That(PublicKey.Import(KeyAlgorithm.RsaPssSha512, key.Bytes).Verify(message, signature), Is.False, "the other scheme");
    }

    [Test]
    public void B_2_5_is_made_byte_for_byte()
    {
        using HmacKey key = HmacKey.Import(Convert.FromBase64String(SharedSecret));
        byte[] message = Encoding.ASCII.GetBytes(
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\"content-type\": application/json\n\"@signature-params\": (\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"");
        byte[] mac = new byte[HmacKey.SignatureSize];
        key.Sign(message, mac);

        Assert.That(Convert.ToBase64String(mac), Is.EqualTo("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="));
        Assert.That(key.Verify(message, mac));
    }

    [TestCase("test-key-rsa-pss", "rsa-pss-sha512", "oD0HwocPBSfpNy5W3bpJeyFGY_IQ_YpqxSjQ3Yd-CLA")]
    [TestCase("test-key-rsa", "rsa-v1_5-sha256", null)]
    [TestCase("test-key-ecc-p256", "p256", "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI")]
    [TestCase("test-key-ed25519", "ed25519", "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U")]
    public void Every_key_is_read_has_its_thumbprint_and_signs(string name, string label, string? thumbprint)
    {
        using JsonDocument document = Sage.Tests.ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement entry = document.RootElement.GetProperty("keys").GetProperty(name);
        Assert.That(KeyAlgorithm.TryParse(label, out KeyAlgorithm? algorithm));
        using PrivateKey key = Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(entry.GetProperty("jwk").GetRawText()), algorithm!);

        Assert.That(key.PublicKey.Verify("message"u8, key.Sign("message"u8)));
        Assert.That(thumbprint is null || key.PublicKey.Thumbprint == thumbprint, key.PublicKey.Thumbprint);
    }

    [Test]
    public void Every_signature_base_has_its_signature()
    {
        using JsonDocument document = Sage.Tests.ConformanceData.Json("rfc9421", "appendix-b.json");
        JsonElement keys = document.RootElement.GetProperty("keys");
        Dictionary<string, int> counts = [];
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonElement entry in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                // Where the file has no base, the message does not have what the signature covers.
                if (entry.GetProperty("signatureBase").GetString() is not { } signatureBase)
                {
                    continue;
                }

                string alg = entry.GetProperty("alg").GetString()!;
                JsonElement key = keys.GetProperty(entry.GetProperty("keyid").GetString()!);
                bool isValid = Verify(key, alg, Encoding.ASCII.GetBytes(signatureBase), Signature(entry));
                Assert.That(isValid, Is.EqualTo(entry.GetProperty("expectedValid").GetBoolean()), entry.GetProperty("id").GetString());
                counts[alg] = counts.GetValueOrDefault(alg) + 1;
            }
        }

        Assert.That(counts.Keys, Is.EquivalentTo(new[] { "rsa-pss-sha512", "rsa-v1_5-sha256", "ecdsa-p256-sha256", "hmac-sha256", "ed25519" }));
        Assert.That(counts["rsa-pss-sha512"], Is.GreaterThanOrEqualTo(3));
    }

    private static bool Verify(JsonElement key, string alg, byte[] message, byte[] signature)
    {
        if (alg == "hmac-sha256")
        {
            using HmacKey secret = HmacKey.Import(key.GetProperty("base64").GetBytesFromBase64());
            return secret.Verify(message, signature);
        }

        KeyAlgorithm algorithm = alg switch
        {
            "rsa-pss-sha512" => KeyAlgorithm.RsaPssSha512,
            "rsa-v1_5-sha256" => KeyAlgorithm.RsaV15Sha256,
            "ecdsa-p256-sha256" => KeyAlgorithm.P256,
            _ => KeyAlgorithm.Ed25519,
        };
        using PrivateKey pair = Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(key.GetProperty("jwk").GetRawText()), algorithm);
        return pair.PublicKey.Verify(message, signature);
    }

    private static byte[] Signature(JsonElement entry)
    {
        string text = entry.GetProperty("signature").GetString()!;
        int start = text.IndexOf(entry.GetProperty("label").GetString() + "=:", StringComparison.Ordinal);
        string[] parts = text[start..].Split(':');
        return Convert.FromBase64String(parts[1]);
    }
}
