using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Sage.Crypto.Tests.KeyStore;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>A file of format version 1 as it was once written: later versions must open it, and another library can.</summary>
[TestFixture]
internal sealed class KeyStoreVersion1Tests
{
    private const string Passphrase = "correct horse battery staple";

    private const string Text = """
        {
          "format": "sage-key-store",
          "version": 1,
          "id": "7c22693d-8e1d-4b1d-a0cf-abc0bfcbce63",
          "revision": 5,
          "kdf": {
            "name": "argon2id",
            "salt": "PKCo03dP/Z9y9Do0obm3ug==",
            "memory_kib": 64,
            "passes": 2,
            "lanes": 1
          },
          "check": "rU6fxTAjUej+pam/9tC5sw==",
          "keys": [
            {
              "name": "owner",
              "key_id": "27ca5b53a6c66a4c",
              "algorithm": "secp256k1",
              "public_key": "BOcYxjhiTjMlLwVqhODw2kD31/8mE+mAUlT+U46lsuonAAWnuNCFUdlLmrOiFl4td6xkSG2gyt6cKdYo5o+W+GE=",
              "created_at": "2026-08-01T12:00:00Z",
              "current": true,
              "exportable": false,
              "nonce": "dC+uME2tF+7Enr4e",
              "sealed": "D8bmH29HdoGcthwJSjENx7TbMtQkFht3oXxo0nMvSl3VumT7bHarKi/2MT2vT4i/"
            },
            {
              "name": "signing",
              "key_id": "d4a7e79fde084c0e",
              "algorithm": "ed25519",
              "public_key": "RG3JWbUFC5EXr4JFZJ6e1g5Bc8j9VXN4TqsIABKMiEs=",
              "created_at": "2026-08-01T12:00:00Z",
              "current": false,
              "exportable": false,
              "nonce": "6bQTr/W/21y6bITV",
              "sealed": "y4k7Uh4T0JRs0snvqa7WRxxxcu8YtTDlpvCAQ/sYg8Qbk3NElAqFF8wmReJACLY1"
            },
            {
              "name": "did:sage:ethereum:0xabc#kem",
              "key_id": "d40b07d38f096dac",
              "algorithm": "x25519",
              "public_key": "G/eaamCF1djpRzO+8qPmeea8OZVwMBHUX2JzGTAltAc=",
              "created_at": "2026-08-01T12:00:00Z",
              "current": true,
              "exportable": false,
              "nonce": "85mxrPRQOLm9q2zp",
              "sealed": "V/6Z2H2CWQrZBkD08sivvk1RrTBP51ybIEYKiLv0dgNQ1qMKQiijY85LaYNyz5rE"
            },
            {
              "name": "signing",
              "key_id": "343f047d0f83e0a7",
              "algorithm": "p256",
              "public_key": "BM2LGBklKfIYQC0NSinKins1JdBa8u0QMAbX38x8XN7vIx/CtU+kujOVt/palgVJxqeTRv6Wa0bCAh3wxXQvyvA=",
              "created_at": "2026-08-31T12:00:00Z",
              "current": true,
              "exportable": true,
              "nonce": "aQq9vpPqToBHL8lg",
              "sealed": "5Ny3MA6CtM/H/UDVUwDYipPa4QawnmVPa5Dx81wWTPr17T4NvpDpzzrFWPRTVetj"
            }
          ],
          "checksum": "BGxE3wvSxkL7RhDnVEQmif1YorRYmrslT2O5jHRL3GU=",
          "mac": "g47nGFAAguh4t3RAR+CBy6EZSzR4Jx7a5PlQLnFhf9o="
        }

        """;

    private static readonly (string Name, string Label, KeyAlgorithm Algorithm)[] Keys =
    [
        ("owner", "owner", KeyAlgorithm.Secp256k1),
        ("signing", "first signing key", KeyAlgorithm.Ed25519),
        ("did:sage:ethereum:0xabc#kem", "agreement key", KeyAlgorithm.X25519),
        ("signing", "second signing key", KeyAlgorithm.P256),
    ];

    private static byte[] File => Encoding.ASCII.GetBytes(Text.ReplaceLineEndings("\n"));

    [Test]
    public async Task The_store_opens_it()
    {
        using TemporaryFolder folder = new();
        await System.IO.File.WriteAllBytesAsync(folder.File("keys.json"), File);
        using EncryptedFileKeyStore store = await EncryptedFileKeyStore.OpenAsync(folder.File("keys.json"), Encoding.ASCII.GetBytes(Passphrase));

        IReadOnlyList<KeyStoreEntry> entries = await store.ListAsync();

        Assert.That(entries.Select(entry => entry.Name), Is.EqualTo(Keys.Select(key => key.Name)));
        Assert.That(entries.Select(entry => entry.IsCurrent), Is.EqualTo(new[] { true, false, true, true }));
        Assert.That(entries[3].CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 8, 31, 12, 0, 0, TimeSpan.Zero)));
        Assert.That(entries.Select(entry => entry.ExportPolicy == KeyExportPolicy.AllowPlaintextExport), Is.EqualTo(new[] { false, false, false, true }));
        foreach ((KeyStoreEntry entry, (_, string label, KeyAlgorithm algorithm)) in entries.Zip(Keys))
        {
            using PrivateKey expected = PrivateKey.Import(algorithm, Raw(label));
            using PrivateKey opened = await store.GetAsync(entry.Name, entry.KeyId);
            Assert.That(opened.PublicKey, Is.EqualTo(expected.PublicKey), label);
        }
    }

    [Test]
    public void It_can_be_opened_by_what_the_page_about_the_format_says()
    {
        using JsonDocument document = JsonDocument.Parse(File);
        JsonElement root = document.RootElement;
        string id = root.GetProperty("id").GetString()!;
        byte[] master = Argon2id(root.GetProperty("kdf"));
        byte[] body = Encoding.ASCII.GetBytes(Text.ReplaceLineEndings("\n").Split(",\n  \"checksum\"")[0]);

        Assert.That(root.GetProperty("check").GetBytesFromBase64(), Is.EqualTo(Hkdf(master, $"sage-key-store:1:check\n{id}", 16)));
        Assert.That(root.GetProperty("checksum").GetBytesFromBase64(), Is.EqualTo(SHA256.HashData(body)));
        Assert.That(root.GetProperty("mac").GetBytesFromBase64(), Is.EqualTo(Hmac(Hkdf(master, $"sage-key-store:1:file\n{id}", 32), body)));
        byte[] sealing = Hkdf(master, $"sage-key-store:1:entries\n{id}", 32);
        foreach ((JsonElement key, (_, string label, _)) in root.GetProperty("keys").EnumerateArray().Zip(Keys))
        {
            string aad = string.Join('\n',
                "sage-key-store:1:entry", id, key.GetProperty("name").GetString(), key.GetProperty("key_id").GetString(),
                key.GetProperty("algorithm").GetString(), key.GetProperty("exportable").GetBoolean() ? "exportable" : "sealed",
                Convert.ToHexStringLower(key.GetProperty("public_key").GetBytesFromBase64()));
            byte[] raw = Open(sealing, key.GetProperty("nonce").GetBytesFromBase64(), key.GetProperty("sealed").GetBytesFromBase64(), aad);
            Assert.That(raw, Is.EqualTo(Raw(label)), label);
        }
    }

    private static byte[] Raw(string label) => SHA256.HashData(Encoding.ASCII.GetBytes(label));

    private static byte[] Argon2id(JsonElement kdf)
    {
        Argon2BytesGenerator generator = new();
        generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Argon2Parameters.Version13)
            .WithSalt(kdf.GetProperty("salt").GetBytesFromBase64())
            .WithMemoryAsKB(kdf.GetProperty("memory_kib").GetInt32())
            .WithIterations(kdf.GetProperty("passes").GetInt32())
            .WithParallelism(kdf.GetProperty("lanes").GetInt32())
            .Build());
        byte[] key = new byte[32];
        generator.GenerateBytes(Encoding.ASCII.GetBytes(Passphrase), key);
        return key;
    }

    private static byte[] Hkdf(byte[] master, string info, int size)
    {
        HkdfBytesGenerator generator = new(new Sha256Digest());
        generator.Init(HkdfParameters.SkipExtractParameters(master, Encoding.ASCII.GetBytes(info)));
        byte[] key = new byte[size];
        generator.GenerateBytes(key, 0, size);
        return key;
    }

    private static byte[] Hmac(byte[] key, byte[] body)
    {
        HMac mac = new(new Sha256Digest());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(body, 0, body.Length);
        byte[] result = new byte[32];
        mac.DoFinal(result, 0);
        return result;
    }

    private static byte[] Open(byte[] key, byte[] nonce, byte[] ciphertext, string aad)
    {
        Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305 cipher = new();
        cipher.Init(false, new AeadParameters(new KeyParameter(key), 128, nonce, Encoding.ASCII.GetBytes(aad)));
        byte[] raw = new byte[cipher.GetOutputSize(ciphertext.Length)];
        int length = cipher.ProcessBytes(ciphertext, 0, ciphertext.Length, raw, 0);
        cipher.DoFinal(raw, length);
        return raw;
    }
}
