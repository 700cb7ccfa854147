using System.Text;
using Sage.Crypto;

namespace Sage.AotSmoke;

internal static class KeyJourneys
{
    public static Task KeysAsync()
    {
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            using PrivateKey key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport);
            using PrivateKey again = PrivateKey.Import(algorithm, Exported(key));
            Check.That(again.PublicKey.Equals(key.PublicKey), "an exported key imports");
            Check.That(PublicKey.Import(algorithm, key.PublicKey.Bytes).Equals(key.PublicKey), "an exported public key imports");
            if (algorithm.CanSign)
            {
                byte[] signature = new byte[key.PublicKey.SignatureSize];
                key.Sign("message"u8, signature);
                Check.That(key.PublicKey.Verify("message"u8, signature), "a signature verifies");
                Check.That(!key.PublicKey.Verify("another"u8, signature), "a signature is of its message alone");
            }
            else
            {
                using PrivateKey other = PrivateKey.Generate(algorithm);
                byte[] left = new byte[32];
                byte[] right = new byte[32];
                Check.That(key.TryAgree(other.PublicKey, left) && other.TryAgree(key.PublicKey, right), "keys agree");
                Check.That(left.AsSpan().SequenceEqual(right), "both sides agree on the same");
            }
        }

        return Task.CompletedTask;
    }

    private static byte[] Exported(PrivateKey key)
    {
        byte[] raw = new byte[key.Size];
        key.Export(raw);
        return raw;
    }

    public static Task HpkeAsync()
    {
        using PrivateKey recipient = PrivateKey.Generate(KeyAlgorithm.X25519);
        foreach (HpkeAead aead in new[] { HpkeAead.Aes128Gcm, HpkeAead.Aes256Gcm, HpkeAead.ChaCha20Poly1305 })
        {
            byte[] encapsulated = new byte[HpkeSender.EncapsulatedKeySize];
            using HpkeSender sender = HpkeSender.Create(recipient.PublicKey, "info"u8, aead, encapsulated);
            using HpkeRecipient? opened = HpkeRecipient.TryCreate(recipient, encapsulated, "info"u8, aead);
            byte[] ciphertext = new byte[7 + HpkeSender.Overhead];
            byte[] plaintext = new byte[7];
            sender.Seal("message"u8, "aad"u8, ciphertext);
            Check.That(opened is not null && opened.TryOpen(ciphertext, "aad"u8, plaintext), "what was sealed opens");
            Check.That(plaintext.AsSpan().SequenceEqual("message"u8), "it opens to what was sealed");
        }

        return Task.CompletedTask;
    }

    public static Task JsonAsync()
    {
        byte[] canonical = JsonCanonicalizer.Canonicalize("""{ "b": 1E30, "a": [ -0, "\u20ac" ] }"""u8);
        Check.That(Encoding.UTF8.GetString(canonical) == """{"a":[0,"€"],"b":1e+30}""", "the form is canonical");
        Check.That(!JsonCanonicalizer.TryCanonicalize("""{"a":1,"a":2}"""u8, out _), "duplicate members are refused");
        return Task.CompletedTask;
    }

    public static Task FormatsAsync()
    {
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            using PrivateKey key = PrivateKey.Generate(algorithm, KeyExportPolicy.AllowPlaintextExport);
            using PrivateKey fromJwk = Jwk.ImportPrivateKey(Jwk.ExportPrivateKey(key));
            using PrivateKey fromPem = Pem.ImportPrivateKey(Pem.ExportPrivateKey(key), algorithm);
            Check.That(fromJwk.PublicKey.Equals(key.PublicKey) && fromPem.PublicKey.Equals(key.PublicKey), "private keys come back");
            Check.That(Jwk.ImportPublicKey(Encoding.UTF8.GetBytes(Jwk.Export(key.PublicKey))).Equals(key.PublicKey), "a JWK comes back");
            Check.That(Pem.ImportPublicKey(Encoding.UTF8.GetBytes(Pem.Export(key.PublicKey)), algorithm).Equals(key.PublicKey), "a PEM comes back");
            if (algorithm != KeyAlgorithm.RsaPssSha512 && algorithm != KeyAlgorithm.RsaV15Sha256)
            {
                Check.That(Multikey.Decode(Multikey.Encode(key.PublicKey)).Equals(key.PublicKey), "a Multikey comes back");
            }
        }

        return Task.CompletedTask;
    }

    public static async Task KeyStoreAsync()
    {
        using TemporaryFolder folder = new();
        byte[] passphrase = "correct horse battery staple"u8.ToArray();
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey next = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using (EncryptedFileKeyStore store = await EncryptedFileKeyStore.CreateAsync(folder["keys.json"], passphrase))
        {
            await store.AddAsync("signing", key);
            await store.RotateAsync("signing", next);
        }

        using EncryptedFileKeyStore opened = await EncryptedFileKeyStore.OpenAsync(folder["keys.json"], passphrase);
        using PrivateKey current = await opened.GetAsync("signing");
        using PrivateKey former = await opened.GetAsync("signing", key.PublicKey.KeyId);
        Check.That(current.PublicKey.Equals(next.PublicKey) && former.PublicKey.Equals(key.PublicKey), "both keys are kept");
        try
        {
            await EncryptedFileKeyStore.OpenAsync(folder["keys.json"], "wrong"u8.ToArray());
            Check.That(false, "a wrong passphrase is refused");
        }
        catch (KeyStoreException e)
        {
            Check.That(e.Error == KeyStoreError.WrongPassphrase, "a wrong passphrase is called one");
        }
    }
}
