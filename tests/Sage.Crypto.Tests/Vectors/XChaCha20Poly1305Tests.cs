using System.Text;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>draft-irtf-cfrg-xchacha-03 §A.3.1.</summary>
[TestFixture]
internal sealed class XChaCha20Poly1305Tests
{
    private static readonly byte[] Plaintext = Encoding.ASCII.GetBytes(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");

    private static readonly byte[] Aad = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
    private static readonly byte[] Key = [.. Enumerable.Range(0x80, 32).Select(i => (byte)i)];
    private static readonly byte[] Nonce = [.. Enumerable.Range(0x40, 24).Select(i => (byte)i)];

    private static readonly byte[] Sealed = Convert.FromHexString(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e"
        + "c0875924c1c7987947deafd8780acf49");

    [Test]
    public void The_vector_seals_and_opens()
    {
        byte[] text = new byte[Plaintext.Length + 16];
        Libsodium.XChaCha20Poly1305Seal(text, Plaintext, Nonce, Key, Aad);
        Assert.That(text, Is.EqualTo(Sealed));

        byte[] opened = new byte[Plaintext.Length];
        Assert.That(Libsodium.XChaCha20Poly1305Open(opened, Sealed, Nonce, Key, Aad), Is.True);
        Assert.That(opened, Is.EqualTo(Plaintext));
    }

    [Test]
    public void A_changed_text_or_other_data_opens_to_nothing()
    {
        for (int i = 0; i < Sealed.Length; i++)
        {
            byte[] changed = [.. Sealed];
            changed[i] ^= 1;
            byte[] opened = [.. Plaintext];
            Assert.That(Libsodium.XChaCha20Poly1305Open(opened, changed, Nonce, Key, Aad), Is.False);
            Assert.That(opened, Is.All.Zero);
        }

        Assert.That(Libsodium.XChaCha20Poly1305Open(new byte[Plaintext.Length], Sealed, Nonce, Key, default), Is.False);
    }
}
