using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Formats;

[TestFixture]
public sealed class MultikeyTests
{
    // The did:key method's own test vectors; the expected bytes are those of the JWK beside each of them.
    [TestCase("ed25519", "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp", "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik", null)]
    [TestCase("x25519", "z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", "L-V9o0fNYkMVKNqsX7spBzD_9oSvxM_C7ZCZX1jLO3Q", null)]
    [TestCase(
        "secp256k1",
        "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "h0wVx_2iDlOcblulc8E5iEw1EYh5n1RYtLQfeSTyNc0",
        "O2EATIGbu6DezKFptj5scAIRntgfecanVNXxat1rnwE")]
    [TestCase(
        "p256",
        "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
        "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU")]
    [TestCase(
        "p256",
        "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
        "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM")]
    [TestCase(
        "p384",
        "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
        "lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
        "y6N1IC-2mXxHreETBW7K3mBcw0qGr3CWHCs-yl09yCQRLcyfGv7XhqAngHOu51Zv")]
    public void The_did_key_examples_are_read_and_written(string algorithm, string text, string x, string? y)
    {
        PublicKey key = Multikey.Decode(text);

        Assert.That(key.Algorithm.Name, Is.EqualTo(algorithm));
        Assert.That(StrictBase64.EncodeUrl(Coordinates.X(key)), Is.EqualTo(x));
        Assert.That(y is null || StrictBase64.EncodeUrl(Coordinates.Y(key)) == y);
        Assert.That(Multikey.Encode(key), Is.EqualTo(text));
    }

    [Test]
    public void The_example_of_the_did_key_method_is_an_Ed25519_key()
    {
        PublicKey key = Multikey.Decode("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
        Assert.That(key.Algorithm, Is.SameAs(KeyAlgorithm.Ed25519));
        Assert.That(Convert.ToHexStringLower(key.Bytes), Is.EqualTo("2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        byte[] ed = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        OpenSslKeys secp256k1 = OpenSslKeys.Of(KeyAlgorithm.Secp256k1);
        using PrivateKey point = secp256k1.Import();
        yield return Case("nothing", "");
        yield return Case("a prefix only", "z");
        yield return Case("another base", "u" + StrictBase64.EncodeUrl([0xed, 0x01, .. ed]));
        yield return Case("no base", Multikey.Encode(PublicKey.Import(KeyAlgorithm.Ed25519, ed))[1..]);
        yield return Case("a character outside the alphabet", "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2d0K");
        yield return Case("white space", " z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
        yield return Of("an unknown codec", [0xee, 0x01, .. ed]);
        yield return Of("a codec that is not minimal", [0xed, 0x81, 0x00, .. ed]);
        yield return Of("a private key codec", [0x80, 0x26, .. ed]);
        yield return Of("no codec", ed);
        yield return Of("a codec only", [0xed, 0x01]);
        yield return Of("a short key", [0xed, 0x01, .. ed[1..]]);
        yield return Of("a long key", [0xed, 0x01, .. ed, 0]);
        yield return Of("an uncompressed point", [0xe7, 0x01, .. point.PublicKey.Bytes]);
        yield return Of("an x that no point has", [0xe7, 0x01, 0x02, .. Enumerable.Repeat((byte)0, 31), 5]);
        yield return Of("a point of small order", [0xed, 0x01, 1, .. Enumerable.Repeat((byte)0, 31)]);
        yield return Case("a long text", "z" + new string('1', 100_000));

        static TestCaseData Of(string what, byte[] bytes) => Case(what, "z" + Base58.Encode(bytes));
        static TestCaseData Case(string what, string text) => new TestCaseData(text).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Refused))]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(Multikey.TryDecode(text, out PublicKey? key), Is.False);
        Assert.That(key, Is.Null);
        Assert.That(() => Multikey.Decode(text), Throws.InstanceOf<FormatException>());
    }
}
