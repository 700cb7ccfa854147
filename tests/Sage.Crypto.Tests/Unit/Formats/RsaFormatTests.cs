using System.Text;

namespace Sage.Crypto.Tests.Unit.Formats;

/// <summary>RSA keys as PEM and JWK: the format names the algorithm or the caller does, and nothing is guessed.</summary>
[TestFixture]
public sealed class RsaFormatTests
{
    private static readonly byte[] PssPublicPem = Encoding.ASCII.GetBytes(RsaKeys.PssPublicPem);
    private static readonly byte[] PssPrivatePem = Encoding.ASCII.GetBytes(RsaKeys.PssPrivatePem);
    private static readonly byte[] LongestPem = Encoding.ASCII.GetBytes(RsaKeys.LongestPrivatePem);
    private static readonly byte[] RestrictedPem = Encoding.ASCII.GetBytes(RsaKeys.RestrictedPublicPem);

    private static KeyAlgorithm[] Rsa => [KeyAlgorithm.RsaPssSha512, KeyAlgorithm.RsaV15Sha256];

    [Test]
    public void A_PEM_that_does_not_say_what_the_key_is_for_is_refused_with_the_way_out()
    {
        Assert.That(Pem.TryImportPublicKey(PssPublicPem, out _), Is.False);
        Assert.That(() => Pem.ImportPublicKey(PssPublicPem), Throws.InstanceOf<FormatException>().With.Message.Contains("KeyAlgorithm"));
        Assert.That(() => Pem.ImportPrivateKey(LongestPem), Throws.InstanceOf<FormatException>().With.Message.Contains("KeyAlgorithm"));
        foreach (KeyAlgorithm algorithm in Rsa)
        {
            Assert.That(Pem.ImportPublicKey(PssPublicPem, algorithm).Algorithm, Is.SameAs(algorithm));
        }
    }

    [Test]
    public void A_PEM_for_PSS_is_for_nothing_else()
    {
        using PrivateKey key = Pem.ImportPrivateKey(PssPrivatePem, KeyExportPolicy.AllowPlaintextExport);

        Assert.That(key.Algorithm, Is.SameAs(KeyAlgorithm.RsaPssSha512));
        Assert.That(key.PublicKey, Is.EqualTo(Pem.ImportPublicKey(PssPublicPem, KeyAlgorithm.RsaPssSha512)));
        Assert.That(Pem.ExportPrivateKey(key), Is.EqualTo(PssPrivatePem), "byte for byte as RFC 9421 prints it");
        Assert.That(() => Pem.ImportPrivateKey(PssPrivatePem, KeyAlgorithm.RsaV15Sha256), Throws.InstanceOf<FormatException>());
        Assert.That(Pem.ImportPublicKey(Encoding.ASCII.GetBytes(Pem.Export(key.PublicKey))), Is.EqualTo(key.PublicKey));
        Assert.That(Pem.TryImportPublicKey(Encoding.ASCII.GetBytes(Pem.Export(key.PublicKey)), KeyAlgorithm.RsaV15Sha256, out _), Is.False);
    }

    [Test]
    public void A_PEM_restricted_to_our_parameters_is_read_and_to_others_refused()
    {
        Assert.That(Pem.ImportPublicKey(RestrictedPem).Algorithm, Is.SameAs(KeyAlgorithm.RsaPssSha512));

        byte[] der = Convert.FromBase64String(string.Concat(RsaKeys.RestrictedPublicPem.Split('\n')[1..^2]));
        int[] hashes = [.. Enumerable.Range(0, 80).Where(at => der.AsSpan(at).StartsWith((byte[])[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]))];
        int salt = der.AsSpan().IndexOf((byte[])[0x02, 0x01, 0x40]);
        Assert.That(hashes, Has.Length.EqualTo(2));
        foreach ((int at, byte value) in new[] { (hashes[0] + 8, (byte)1), (hashes[1] + 8, (byte)1), (salt + 2, (byte)32) })
        {
            byte[] other = (byte[])der.Clone();
            other[at] = value;
            byte[] text = System.Security.Cryptography.PemEncoding.WriteUtf8("PUBLIC KEY"u8, other);
            Assert.That(Pem.TryImportPublicKey(text, out _), Is.False, $"byte {at}");
            Assert.That(Pem.TryImportPublicKey(text, KeyAlgorithm.RsaPssSha512, out _), Is.False, $"byte {at}");
        }
    }

    [Test]
    public void A_key_of_another_kind_than_is_asked_for_is_refused()
    {
        foreach (OpenSslKeys keys in OpenSslKeys.All)
        {
            byte[] pem = Encoding.ASCII.GetBytes(keys.PublicPem);
            byte[] jwk = Encoding.ASCII.GetBytes(keys.PublicJwk);
            foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
            {
                bool isRight = algorithm == keys.Algorithm;
                Assert.That(Pem.TryImportPublicKey(pem, algorithm, out _), Is.EqualTo(isRight), $"{keys} as {algorithm}");
                Assert.That(Jwk.TryImportPublicKey(jwk, algorithm, out _), Is.EqualTo(isRight), $"{keys} as {algorithm}");
                Assert.That(Pem.TryImportPublicKey(PssPublicPem, algorithm, out _), Is.EqualTo(algorithm.IsRsa));
            }
        }
    }

    [TestCase("PS512", "rsa-pss-sha512")]
    [TestCase("rsa-pss-sha512", "rsa-pss-sha512")]
    [TestCase("RS256", "rsa-v1_5-sha256")]
    [TestCase("rsa-v1_5-sha256", "rsa-v1_5-sha256")]
    public void The_alg_of_a_JWK_decides(string alg, string expected)
    {
        byte[] json = Encoding.ASCII.GetBytes(Public($"\"alg\":\"{alg}\","));
        foreach (KeyAlgorithm algorithm in Rsa)
        {
            Assert.That(Jwk.TryImportPublicKey(json, algorithm, out _), Is.EqualTo(algorithm.Name == expected), $"asked for {algorithm}");
        }

        Assert.That(Jwk.ImportPublicKey(json).Algorithm.Name, Is.EqualTo(expected));
        Assert.That(Jwk.ImportPublicKey(json).Thumbprint, Is.EqualTo("oD0HwocPBSfpNy5W3bpJeyFGY_IQ_YpqxSjQ3Yd-CLA"));
    }

    [TestCase("\"alg\":\"PS256\",")]
    [TestCase("\"alg\":\"ps512\",")]
    [TestCase("\"alg\":\"RSA-OAEP\",")]
    [TestCase("\"alg\":null,")]
    [TestCase("\"alg\":[],")]
    public void An_alg_that_is_not_known_is_never_overruled(string alg)
    {
        byte[] json = Encoding.ASCII.GetBytes(Public(alg));
        Assert.That(Jwk.TryImportPublicKey(json, out _), Is.False);
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            Assert.That(Jwk.TryImportPublicKey(json, algorithm, out _), Is.False, algorithm.Name);
        }
    }

    [Test]
    public void A_JWK_without_alg_needs_the_caller()
    {
        byte[] json = Encoding.ASCII.GetBytes(Public(""));
        Assert.That(Jwk.TryImportPublicKey(json, out _), Is.False);
        Assert.That(() => Jwk.ImportPublicKey(json), Throws.InstanceOf<FormatException>().With.Message.Contains("KeyAlgorithm"));
        Assert.That(() => Jwk.ImportPrivateKey(json), Throws.InstanceOf<FormatException>().With.Message.Contains("KeyAlgorithm"));
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            Assert.That(Jwk.TryImportPublicKey(json, algorithm, out _), Is.EqualTo(algorithm.IsRsa), algorithm.Name);
        }
    }

    [TestCase("\"n\":\"r4t", "\"n\":\"AK-Lt", TestName = "Refused: another modulus, after a leading zero")]
    [TestCase("\"e\":\"AQAB\"", "\"e\":\"AAEAAQ\"", TestName = "Refused: an exponent with a leading zero")]
    [TestCase("\"e\":\"AQAB\"", "\"e\":\"Aw\"", TestName = "Refused: the exponent 3")]
    [TestCase("\"e\":\"AQAB\"", "\"e\":\"\"", TestName = "Refused: an empty exponent")]
    [TestCase("\"e\":\"AQAB\"", "\"e\":65537", TestName = "Refused: an exponent that is a number")]
    [TestCase("\"e\":\"AQAB\"", "\"f\":\"AQAB\"", TestName = "Refused: no exponent")]
    [TestCase("\"e\":\"AQAB\"", "\"e\":\"AQAB=\"", TestName = "Refused: padding of the exponent")]
    [TestCase("\"e\":", "\"d\":\"AQ\",\"e\":", TestName = "Refused: d in a public RSA key")]
    [TestCase("\"e\":", "\"qi\":null,\"e\":", TestName = "Refused: qi in a public RSA key, whatever its value")]
    [TestCase("\"e\":", "\"oth\":[],\"e\":", TestName = "Refused: other primes")]
    [TestCase("\"RSA\"", "\"rsa\"", TestName = "Refused: RSA in other letters")]
    [TestCase("r4tm", "r4tm!", TestName = "Refused: a modulus that is not base64url")]
    public void A_public_JWK_with_one_fault_is_refused(string part, string replacement)
    {
        string good = Public("\"alg\":\"PS512\",");
        string bad = good.Replace(part, replacement, StringComparison.Ordinal);
        Assert.That(bad, Is.Not.EqualTo(good));
        Assert.That(Jwk.TryImportPublicKey(Encoding.ASCII.GetBytes(good), out _));
        Assert.That(Jwk.TryImportPublicKey(Encoding.ASCII.GetBytes(bad), out _), Is.False);
    }

    [Test]
    public void A_modulus_longer_than_allowed_is_refused()
    {
        string n = new('w', 1400);
        Assert.That(Jwk.TryImportPublicKey(Encoding.ASCII.GetBytes($$"""{"alg":"PS512","e":"AQAB","kty":"RSA","n":"{{n}}"}"""), out _), Is.False);
    }

    [TestCase("d")]
    [TestCase("p")]
    [TestCase("q")]
    [TestCase("dp")]
    [TestCase("dq")]
    [TestCase("qi")]
    [TestCase("n")]
    [TestCase("e")]
    public void A_private_JWK_needs_every_number_and_the_right_one(string name)
    {
        using PrivateKey key = Pem.ImportPrivateKey(PssPrivatePem, KeyExportPolicy.AllowPlaintextExport);
        string good = Encoding.ASCII.GetString(Jwk.ExportPrivateKey(key));
        int at = good.IndexOf($"\"{name}\":\"", StringComparison.Ordinal) + name.Length + 4;
        Assert.That(at, Is.GreaterThan(name.Length + 4));
        string without = good.Replace($"\"{name}\":", $"\"x{name}\":", StringComparison.Ordinal);
        string wrong = good[..(at + 1)] + (good[at + 1] == 'A' ? 'B' : 'A') + good[(at + 2)..];

        Assert.That(Jwk.TryImportPublicKey(Encoding.ASCII.GetBytes(good), out _), Is.False, "a private key is not a public one");
        Jwk.ImportPrivateKey(Encoding.ASCII.GetBytes(good)).Dispose();
        foreach (string bad in new[] { without, wrong })
        {
            FormatException? refusal = Assert.Throws<FormatException>(() => Jwk.ImportPrivateKey(Encoding.ASCII.GetBytes(bad)));
            Assert.That(refusal!.ToString(), Does.Not.Contain(good[at..(at + 4)] + good[(at + 4)..Math.Min(at + 20, good.Length)]));
        }
    }

    [Test]
    public void The_longest_key_goes_through_every_format()
    {
        foreach (KeyAlgorithm algorithm in Rsa)
        {
            using PrivateKey key = Pem.ImportPrivateKey(LongestPem, algorithm, KeyExportPolicy.AllowPlaintextExport);
            Assert.That(key.PublicKey.SignatureSize, Is.EqualTo(1024));
            using PrivateKey fromPem = Pem.ImportPrivateKey(Pem.ExportPrivateKey(key), algorithm, KeyExportPolicy.AllowPlaintextExport);
            using PrivateKey fromJwk = Jwk.ImportPrivateKey(Jwk.ExportPrivateKey(key), KeyExportPolicy.AllowPlaintextExport);

            Assert.That(TestKeys.Raw(fromPem), Is.EqualTo(TestKeys.Raw(key)));
            Assert.That(TestKeys.Raw(fromJwk), Is.EqualTo(TestKeys.Raw(key)));
            Assert.That(fromJwk.Algorithm, Is.SameAs(algorithm));
            Assert.That(Jwk.ImportPublicKey(Encoding.ASCII.GetBytes(Jwk.Export(key.PublicKey))), Is.EqualTo(key.PublicKey));
            Assert.That(key.PublicKey.Verify("message"u8, fromPem.Sign("message"u8)));
            Assert.That(
                Pem.ExportPrivateKey(key), algorithm == KeyAlgorithm.RsaV15Sha256 ? Is.EqualTo(LongestPem) : Is.Not.EqualTo(LongestPem), "rsaEncryption");
        }
    }

    [Test]
    public void The_older_labels_are_refused()
    {
        using PrivateKey key = Pem.ImportPrivateKey(PssPrivatePem, KeyExportPolicy.AllowPlaintextExport);
        byte[] text = System.Security.Cryptography.PemEncoding.WriteUtf8("RSA PRIVATE KEY"u8, TestKeys.Raw(key));

        Assert.That(() => Pem.ImportPrivateKey(text, KeyAlgorithm.RsaPssSha512), Throws.InstanceOf<FormatException>());
    }

    private static string Public(string alg) => $$"""{"kty":"RSA",{{alg}}"e":"AQAB","n":"{{RsaKeys.PssModulus}}"}""";
}
