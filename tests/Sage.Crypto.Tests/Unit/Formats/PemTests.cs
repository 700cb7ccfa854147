using System.Text;

namespace Sage.Crypto.Tests.Unit.Formats;

[TestFixture]
public sealed class PemTests
{
    private const string Ed25519Seed = "7512e351d07b9da42d73e2dc8f9b771f3fc0a42f3bf92d0bed1b9a51a6c53ffb";
    private const string Ed25519Public = "bb15211a47cd9c0699453b81575e2832f0641b6dc5a15a79ef7ff17a5c46908b";
    private const string P256Secret = "3cac7a3f68434c3abc71ec75cf97aee68d93a47ee202667accc211783f78694d";
    private const string P256Point =
        "04464d304dda85edda525bf4d239ab47c5a7544ec7c10a6e9ccee677a5c469c773de56ca5d040c9f923fb24fd01cab75a4664bea6349b8c1ff2608797b342c0232";

    [TestCaseSource(typeof(OpenSslKeys), nameof(OpenSslKeys.All))]
    public void A_key_made_by_openssl_is_read_and_written_byte_for_byte(OpenSslKeys keys)
    {
        using PrivateKey key = keys.Import();
        PublicKey publicKey = Pem.ImportPublicKey(Encoding.ASCII.GetBytes(keys.PublicPem));

        Assert.That(key.Algorithm, Is.EqualTo(keys.Algorithm));
        Assert.That(publicKey, Is.EqualTo(key.PublicKey));
        Assert.That(Encoding.ASCII.GetString(Pem.ExportPrivateKey(key)), Is.EqualTo(keys.PrivatePem));
        Assert.That(Pem.Export(publicKey), Is.EqualTo(keys.PublicPem));
    }

    [TestCaseSource(typeof(OpenSslKeys), nameof(OpenSslKeys.All))]
    public void A_private_key_without_the_policy_is_not_written(OpenSslKeys keys)
    {
        using PrivateKey key = keys.Import(KeyExportPolicy.None);
        Assert.That(() => Pem.ExportPrivateKey(key), Throws.InvalidOperationException);
    }

    [Test]
    public void Windows_line_ends_and_blank_lines_around_are_read()
    {
        string text = "\r\n" + OpenSslKeys.All[3].PublicPem.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n";
        Assert.That(Pem.TryImportPublicKey(Encoding.ASCII.GetBytes(text), out _));
    }

    [Test]
    public void A_compressed_point_is_read()
    {
        // openssl pkey -pubout -ec_conv_form compressed
        PublicKey key = Pem.ImportPublicKey("""
            -----BEGIN PUBLIC KEY-----
            MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACRk0wTdqF7dpSW/TSOatHxadUTsfB
            Cm6czuZ3pcRpx3M=
            -----END PUBLIC KEY-----
            """u8);
        Assert.That(Convert.ToHexStringLower(key.Bytes), Is.EqualTo(P256Point));
    }

    [TestCaseSource(nameof(OtherPkcs8))]
    public void Other_spellings_of_PKCS8_are_read(string der, string publicKey)
    {
        using PrivateKey key = Pem.ImportPrivateKey(Wrap("PRIVATE KEY", der));
        Assert.That(Convert.ToHexStringLower(key.PublicKey.Bytes), Is.EqualTo(publicKey));
    }

    [TestCaseSource(nameof(BadPkcs8))]
    public void Bad_PKCS8_is_refused(string der)
    {
        Assert.That(() => Pem.ImportPrivateKey(Wrap("PRIVATE KEY", der)), Throws.InstanceOf<FormatException>());
    }

    [TestCaseSource(nameof(BadSpki))]
    public void Bad_SPKI_is_refused(string der)
    {
        byte[] text = Wrap("PUBLIC KEY", der);
        Assert.That(Pem.TryImportPublicKey(text, out PublicKey? key), Is.False);
        Assert.That(key, Is.Null);
        Assert.That(() => Pem.ImportPublicKey(text), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void The_text_must_be_one_block_and_nothing_else()
    {
        string good = OpenSslKeys.Of(KeyAlgorithm.Ed25519).PublicPem;
        string[] refused =
        [
            "",
            good + good,
            good + OpenSslKeys.Of(KeyAlgorithm.Ed25519).PrivatePem,
            "Subject: somebody\n" + good,
            good + "# the end",
            "\uFEFF" + good,
            good.Replace("PUBLIC KEY", "PRIVATE KEY", StringComparison.Ordinal),
            good.Replace("PUBLIC KEY", "EC PUBLIC KEY", StringComparison.Ordinal),
            good.Replace("=", "", StringComparison.Ordinal),
            good.Replace("kIs=", "kIt=", StringComparison.Ordinal),
            good.Replace("MCow", "MC ow", StringComparison.Ordinal),
            good.Replace("-----END", "----END", StringComparison.Ordinal),
            good + new string('\n', Pem.MaxInputSize),
            "-----BEGIN PUBLIC KEY-----\n" + string.Concat(Enumerable.Repeat(new string('A', 64) + "\n", 60)) + "-----END PUBLIC KEY-----\n",
        ];

        Assert.That(Pem.TryImportPublicKey(Encoding.UTF8.GetBytes(good), out _));
        Assert.Multiple(() =>
        {
            foreach (string text in refused)
            {
                Assert.That(Pem.TryImportPublicKey(Encoding.UTF8.GetBytes(text), out _), Is.False, text);
            }
        });
    }

    [TestCase("EC PRIVATE KEY")]
    [TestCase("ENCRYPTED PRIVATE KEY")]
    [TestCase("PUBLIC KEY")]
    public void Another_label_is_not_a_private_key(string label)
    {
        byte[] text = Wrap(label, "302e020100300506032b657004220420" + Ed25519Seed);
        Assert.That(() => Pem.ImportPrivateKey(text), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void A_refusal_does_not_quote_the_input()
    {
        byte[] text = Wrap("PRIVATE KEY", "302e020102300506032b657004220420" + Ed25519Seed);
        FormatException? refusal = Assert.Throws<FormatException>(() => Pem.ImportPrivateKey(text));
        Assert.That(refusal!.ToString(), Does.Not.Contain("dRLjUdB7").And.Not.Contains("MC4C").And.Not.Contains("7512e351"));
    }

    private static IEnumerable<TestCaseData> OtherPkcs8()
    {
        string p256 = Der.Sequence(Der.EcPublicKey, Der.P256);
        string curve = Der.Element("a0", Der.P256);
        string usage = Der.Element("a0", Der.Sequence("0603551d0f", Der.Element("31", "03020080")));
        yield return Case("the curve beside the algorithm only", P256Point, Der.Version1, p256, Der.Octets(EcKey()));
        yield return Case("the curve inside only", P256Point, Der.Version1, Der.Sequence(Der.EcPublicKey), Der.Octets(EcKey(curve)));
        yield return Case("the curve in both places", P256Point, Der.Version1, p256, Der.Octets(EcKey(curve)));
        yield return Case("a compressed public key", P256Point, Der.Version1, p256, Der.Octets(EcKey(Der.Element("a1", Der.Bits("02" + P256Point[2..66])))));
        yield return Case("the key usage that Windows adds", P256Point, Der.Version1, p256, Der.Octets(EcKey()), usage);
        yield return Case("version 2 with a public key", Ed25519Public, Der.Version2, Der.Sequence(Der.Ed25519), Seed, Der.Element("81", "00", Ed25519Public));

        static TestCaseData Case(string what, string publicKey, params string[] content) =>
            new TestCaseData(Der.Sequence(content), publicKey).SetArgDisplayNames(what);
    }

    private static IEnumerable<TestCaseData> BadPkcs8()
    {
        string ed = Der.Sequence(Der.Ed25519);
        string p256 = Der.Sequence(Der.EcPublicKey, Der.P256);
        string other = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        string good = Der.Sequence(Der.Version1, ed, Seed);
        yield return Case("no curve anywhere", Der.Version1, Der.Sequence(Der.EcPublicKey), Der.Octets(EcKey()));
        yield return Case("two different curves", Der.Version1, Der.Sequence(Der.EcPublicKey, Der.Secp256k1), Der.Octets(EcKey(Der.Element("a0", Der.P256))));
        yield return Case("a public key of another", Der.Version2, ed, Seed, Der.Element("81", "00", other));
        yield return Case("a public point of another", Der.Version1, p256, Der.Octets(EcKey(Der.Element("a1", Der.Bits("03" + P256Point[2..66])))));
        yield return Case("a public key outside of another", Der.Version2, p256, Der.Octets(EcKey(Der.Element("a1", Der.Bits(P256Point)))), Der.Element("81", "0003", P256Point[2..66]));
        yield return Case("a public key in version 1", Der.Version1, ed, Seed, Der.Element("81", "00", Ed25519Public));
        yield return Case("an empty public key", Der.Version2, ed, Seed, Der.Element("81", "00"));
        yield return Case("version 3", Der.Version3, ed, Seed);
        yield return Case("null parameters", Der.Version1, Der.Sequence(Der.Ed25519, Der.Null), Seed);
        yield return Case("an algorithm that is not known", Der.Version1, Der.Sequence(Der.X448), Seed);
        yield return Case("a curve as the algorithm", Der.Version1, Der.Sequence(Der.P256), Der.Octets(Der.Octets(P256Secret)));
        yield return Case("an algorithm as the curve", Der.Version1, Der.Sequence(Der.EcPublicKey, Der.Ed25519), Der.Octets(EcKey()));
        yield return Case("version 0 inside", Der.Version1, p256, Der.Octets(Der.Sequence("020100", Der.Octets(P256Secret))));
        yield return Case("a short key", Der.Version1, ed, Der.Octets(Der.Octets(Ed25519Seed[2..])));
        yield return Case("a bare key", Der.Version1, ed, Der.Octets(Ed25519Seed));
        yield return Case("a zero scalar", Der.Version1, p256, Der.Octets(Der.Sequence("020101", Der.Octets(new string('0', 64)))));
        yield return Case("a trailing element", Der.Version1, ed, Seed, Der.Null);
        yield return Case("a trailing element inside", Der.Version1, ed, Der.Octets(Der.Octets(Ed25519Seed), Der.Null));
        yield return new TestCaseData(good + "00").SetArgDisplayNames("a trailing byte");
        yield return new TestCaseData("30812e" + good[4..]).SetArgDisplayNames("a length that is not minimal");
        yield return new TestCaseData(good[..^2]).SetArgDisplayNames("a missing byte");
        yield return new TestCaseData("").SetArgDisplayNames("nothing");

        static TestCaseData Case(string what, params string[] content) => new TestCaseData(Der.Sequence(content)).SetArgDisplayNames(what);
    }

    private static IEnumerable<TestCaseData> BadSpki()
    {
        string ed = Der.Sequence(Der.Ed25519);
        string p256 = Der.Sequence(Der.EcPublicKey, Der.P256);
        string secp256k1 = "82c070bb820b91837090fc7235372b31958dcb41306dbc076b7aceab1c17c58d40c37583c0d470e4cbf03c94b66ace2ed155dd8418c9b14dd00c5355cb630351";
        yield return Case("a point without its 04", Der.Sequence(Der.EcPublicKey, Der.Secp256k1), Der.Bits(secp256k1));
        yield return Case("a hybrid point", Der.Sequence(Der.EcPublicKey, Der.Secp256k1), Der.Bits("07" + secp256k1));
        yield return Case("a point that is not on the curve", p256, Der.Bits(P256Point[..^1] + "3"));
        yield return Case("a point of another curve", p256, Der.Bits("04" + secp256k1));
        yield return Case("no curve", Der.Sequence(Der.EcPublicKey), Der.Bits(P256Point));
        yield return Case("unused bits", Der.Sequence(Der.X25519), Der.Element("03", "01", "09" + new string('0', 62)));
        yield return Case("a point of small order", ed, Der.Bits("01" + new string('0', 62)));
        yield return Case("an algorithm that is not known", Der.Sequence(Der.X448), Der.Bits(Ed25519Public));
        yield return Case("null parameters", Der.Sequence(Der.Ed25519, Der.Null), Der.Bits(Ed25519Public));
        yield return Case("a trailing element", ed, Der.Bits(Ed25519Public), Der.Null);
        yield return Case("a private key", Der.Version1, ed, Seed);

        static TestCaseData Case(string what, params string[] content) => new TestCaseData(Der.Sequence(content)).SetArgDisplayNames(what);
    }

    private static string Seed => Der.Octets(Der.Octets(Ed25519Seed));

    private static string EcKey(params string[] more) => Der.Sequence(["020101", Der.Octets(P256Secret), .. more]);

    private static byte[] Wrap(string label, string derHex) =>
        System.Security.Cryptography.PemEncoding.WriteUtf8(Encoding.ASCII.GetBytes(label), Convert.FromHexString(derHex));
}
