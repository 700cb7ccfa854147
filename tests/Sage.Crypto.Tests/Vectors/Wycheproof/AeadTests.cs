using System.Security.Cryptography;
using System.Text.Json;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Tests.Vectors.Wycheproof;

[TestFixture]
public sealed class AeadTests
{
    // Nonces that are not 12 bytes: neither backend takes them, and nothing in Sage makes them.
    private const string UnsupportedAes = "68-90 157-175 240-316";

    private const string UnsupportedChaCha = "317-325";

    private delegate bool Open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, byte[] tag, byte[] plaintext);

    private delegate void Seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, byte[] ciphertext, byte[] tag);

    [Test]
    public void Aes_gcm_of_the_base_class_library()
    {
        WycheproofFile file = WycheproofFile.Run("aes_gcm_test.json", (group, test) => Check(
            group,
            test,
            (key, nonce, aad, ciphertext, tag, plaintext) =>
            {
                using AesGcm aes = new(key, 16);
                return Try(() => aes.Decrypt(nonce, ciphertext, tag, plaintext, aad));
            },
            (key, nonce, aad, plaintext, ciphertext, tag) =>
            {
                using AesGcm aes = new(key, 16);
                aes.Encrypt(nonce, plaintext, ciphertext, tag, aad);
            }));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Unsupported, Is.EqualTo(UnsupportedAes));
        Assert.That(file.Count, Is.EqualTo(197));
    }

    [Test]
    public void ChaCha20_poly1305_of_the_base_class_library()
    {
        if (!ChaCha20Poly1305.IsSupported)
        {
            Assert.Ignore("This platform has no ChaCha20-Poly1305.");
        }

        WycheproofFile file = WycheproofFile.Run("chacha20_poly1305_test.json", (group, test) => Check(
            group,
            test,
            (key, nonce, aad, ciphertext, tag, plaintext) =>
            {
                using ChaCha20Poly1305 cipher = new(key);
                return Try(() => cipher.Decrypt(nonce, ciphertext, tag, plaintext, aad));
            },
            (key, nonce, aad, plaintext, ciphertext, tag) =>
            {
                using ChaCha20Poly1305 cipher = new(key);
                cipher.Encrypt(nonce, plaintext, ciphertext, tag, aad);
            }));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Unsupported, Is.EqualTo(UnsupportedChaCha));
    }

    [Test]
    public void ChaCha20_poly1305_of_libsodium()
    {
        WycheproofFile file = WycheproofFile.Run("chacha20_poly1305_test.json", (group, test) => Check(
            group,
            test,
            (key, nonce, aad, ciphertext, tag, plaintext) =>
                Libsodium.ChaCha20Poly1305Open(plaintext, [.. ciphertext, .. tag], nonce, key, aad),
            (key, nonce, aad, plaintext, ciphertext, tag) =>
            {
                byte[] both = new byte[ciphertext.Length + tag.Length];
                Libsodium.ChaCha20Poly1305Seal(both, plaintext, nonce, key, aad);
                both.AsSpan(0, ciphertext.Length).CopyTo(ciphertext);
                both.AsSpan(ciphertext.Length).CopyTo(tag);
            }));

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Unsupported, Is.EqualTo(UnsupportedChaCha));
    }

    private static bool? Check(JsonElement group, JsonElement test, Open open, Seal seal)
    {
        if (group.GetProperty("ivSize").GetInt32() != 96)
        {
            return null;
        }

        byte[] key = WycheproofFile.Hex(test, "key");
        byte[] nonce = WycheproofFile.Hex(test, "iv");
        byte[] aad = WycheproofFile.Hex(test, "aad");
        byte[] message = WycheproofFile.Hex(test, "msg");
        byte[] ciphertext = WycheproofFile.Hex(test, "ct");
        byte[] tag = WycheproofFile.Hex(test, "tag");
        byte[] plaintext = new byte[ciphertext.Length];
        if (!open(key, nonce, aad, ciphertext, tag, plaintext))
        {
            Assert.That(plaintext, Is.All.Zero, "no plaintext without a valid tag");
            return false;
        }

        byte[] sealedText = new byte[message.Length];
        byte[] sealedTag = new byte[16];
        seal(key, nonce, aad, message, sealedText, sealedTag);
        Assert.That((sealedText, sealedTag), Is.EqualTo((ciphertext, tag)));
        Assert.That(plaintext, Is.EqualTo(message));
        return true;
    }

    private static bool Try(Action open)
    {
        try
        {
            open();
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
