using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors;

[TestFixture]
public sealed class HpkeVectorTests
{
    [Test]
    public void Base_mode_gives_the_published_bytes_in_every_suite()
    {
        int suites = 0;
        using JsonDocument document = Sage.Tests.ConformanceData.Json("rfc9180", "dhkem_x25519_hkdf_sha256.json");
        foreach (JsonElement vector in document.RootElement.EnumerateArray())
        {
            // PSK and authenticated modes are not offered.
            if (vector.GetProperty("mode").GetInt32() == 0)
            {
                Check(vector);
                suites++;
            }
        }

        Assert.That(suites, Is.EqualTo(4));
    }

    private static void Check(JsonElement vector)
    {
        HpkeAead aead = (HpkeAead)vector.GetProperty("aead_id").GetInt32();
        byte[] info = Hex(vector, "info");
        byte[] enc = new byte[32];
        using PrivateKey recipientKey = PrivateKey.Import(KeyAlgorithm.X25519, Hex(vector, "skRm"));
        Assert.That(recipientKey.PublicKey.Export(), Is.EqualTo(Hex(vector, "pkRm")), $"{aead}");
        using HpkeSender sender = HpkeSender.Create(recipientKey.PublicKey, info, aead, enc, Hex(vector, "skEm"));
        Assert.That(enc, Is.EqualTo(Hex(vector, "enc")), $"{aead}");
        using HpkeRecipient? recipient = HpkeRecipient.TryCreate(recipientKey, enc, info, aead);
        Assert.That(recipient, Is.Not.Null);

        foreach (JsonElement encryption in vector.GetProperty("encryptions").EnumerateArray())
        {
            byte[] plaintext = Hex(encryption, "pt");
            byte[] aad = Hex(encryption, "aad");
            byte[] ciphertext = new byte[plaintext.Length + HpkeSender.Overhead];
            sender.Seal(plaintext, aad, ciphertext);
            Assert.That(ciphertext, Is.EqualTo(Hex(encryption, "ct")), $"{aead}");
            byte[] opened = new byte[plaintext.Length];
            Assert.That(recipient!.TryOpen(ciphertext, aad, opened), $"{aead}");
            Assert.That(opened, Is.EqualTo(plaintext), $"{aead}");
        }

        foreach (JsonElement export in vector.GetProperty("exports").EnumerateArray())
        {
            byte[] context = Hex(export, "exporter_context");
            byte[] secret = new byte[export.GetProperty("L").GetInt32()];
            sender.Export(context, secret);
            Assert.That(secret, Is.EqualTo(Hex(export, "exported_value")), $"{aead}");
            recipient!.Export(context, secret);
            Assert.That(secret, Is.EqualTo(Hex(export, "exported_value")), $"{aead}");
        }
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
