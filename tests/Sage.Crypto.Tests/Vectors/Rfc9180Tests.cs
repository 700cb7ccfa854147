namespace Sage.Crypto.Tests.Vectors;

/// <summary>RFC 9180 A.1.1 (AES-128-GCM) and A.2.1 (ChaCha20-Poly1305), base mode.</summary>
[TestFixture]
public sealed class Rfc9180Tests
{
    private static readonly byte[] Info = Convert.FromHexString("4f6465206f6e2061204772656369616e2055726e");
    private static readonly byte[] Plaintext = Convert.FromHexString("4265617574792069732074727574682c20747275746820626561757479");

    [TestCase(
        HpkeAead.Aes128Gcm,
        "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
        "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
        "af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84",
        "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee")]
    [TestCase(
        HpkeAead.ChaCha20Poly1305,
        "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
        "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
        "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c",
        "4bbd6243b8bb54cec311fac9df81841b6fd61f56538a775e7c80a9f40160606e")]
    public void Base_mode_gives_the_published_bytes(
        HpkeAead aead, string skR, string skE, string enc, string first, string second, string exported)
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.X25519, Convert.FromHexString(skR));
        byte[] encapsulated = new byte[32];
        byte[] ciphertext = new byte[Plaintext.Length + 16];
        byte[] opened = new byte[Plaintext.Length];
        byte[] secret = new byte[32];
        using HpkeSender sender = HpkeSender.Create(key.PublicKey, Info, aead, encapsulated, Convert.FromHexString(skE));
        using HpkeRecipient? recipient = HpkeRecipient.TryCreate(key, encapsulated, Info, aead);

        Assert.That(Convert.ToHexStringLower(encapsulated), Is.EqualTo(enc));
        sender.Seal(Plaintext, "Count-0"u8, ciphertext);
        Assert.That(Convert.ToHexStringLower(ciphertext), Is.EqualTo(first));
        Assert.That(recipient!.TryOpen(ciphertext, "Count-0"u8, opened));
        sender.Seal(Plaintext, "Count-1"u8, ciphertext);
        Assert.That(Convert.ToHexStringLower(ciphertext), Is.EqualTo(second));
        Assert.That(recipient.TryOpen(ciphertext, "Count-1"u8, opened));
        Assert.That(opened, Is.EqualTo(Plaintext));
        recipient.Export([], secret);
        Assert.That(Convert.ToHexStringLower(secret), Is.EqualTo(exported));
    }
}
