using System.Text;

namespace Sage.Crypto.Tests.Unit.Formats;

[TestFixture]
public sealed class JwkTests
{
    // RFC 8037 A.1 and A.2.
    private const string Rfc8037Private =
        """{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private const string Rfc8037Public = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private const string P256 =
        """{"kty":"EC","crv":"P-256","x":"Rk0wTdqF7dpSW_TSOatHxadUTsfBCm6czuZ3pcRpx3M","y":"3lbKXQQMn5I_sk_QHKt1pGZL6mNJuMH_Jgh5ezQsAjI"}""";

    [Test]
    public void The_key_of_RFC_8037_is_read()
    {
        using PrivateKey key = Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(Rfc8037Private));
        PublicKey publicKey = Jwk.ImportPublicKey(Encoding.UTF8.GetBytes(Rfc8037Public));

        Assert.That(publicKey, Is.EqualTo(key.PublicKey));
        Assert.That(Convert.ToHexStringLower(publicKey.Bytes), Is.EqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        Assert.That(publicKey.Thumbprint, Is.EqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), "RFC 8037 A.3");
        Assert.That(
            Convert.ToHexStringLower(key.Sign(Encoding.ASCII.GetBytes("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"))),
            Does.StartWith("860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e"),
            "RFC 8037 A.4");
    }

    [TestCaseSource(typeof(OpenSslKeys), nameof(OpenSslKeys.All))]
    public void Every_algorithm_has_the_JWK_and_thumbprint_another_library_gives(OpenSslKeys keys)
    {
        using PrivateKey key = keys.Import();
        Assert.That(Jwk.Export(key.PublicKey), Is.EqualTo(keys.PublicJwk));
        Assert.That(Encoding.UTF8.GetString(Jwk.ExportPrivateKey(key)), Is.EqualTo(Encoding.UTF8.GetString(keys.PrivateJwk)));
        Assert.That(key.PublicKey.Thumbprint, Is.EqualTo(keys.Thumbprint));

        using PrivateKey again = Jwk.ImportPrivateKey(keys.PrivateJwk);
        Assert.That(again.PublicKey, Is.EqualTo(key.PublicKey));
        Assert.That(Jwk.ImportPublicKey(Encoding.UTF8.GetBytes(keys.PublicJwk)), Is.EqualTo(key.PublicKey));
    }

    [TestCaseSource(typeof(OpenSslKeys), nameof(OpenSslKeys.All))]
    public void A_private_key_is_not_taken_for_a_public_one(OpenSslKeys keys)
    {
        Assert.That(Jwk.TryImportPublicKey(keys.PrivateJwk, out _), Is.False);
        Assert.That(() => Jwk.ImportPublicKey(keys.PrivateJwk), Throws.InstanceOf<FormatException>());
        Assert.That(() => Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(keys.PublicJwk)), Throws.InstanceOf<FormatException>());
    }

    [TestCaseSource(typeof(OpenSslKeys), nameof(OpenSslKeys.All))]
    public void Public_members_that_belong_to_another_key_are_refused(OpenSslKeys keys)
    {
        using PrivateKey other = PrivateKey.Generate(keys.Algorithm);
        string mixed = $"{Jwk.Export(other.PublicKey)[..^1]},\"d\":\"{keys.D}\"}}";
        Assert.That(() => Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(mixed)), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void The_export_policy_is_fixed_at_import()
    {
        byte[] json = OpenSslKeys.All[0].PrivateJwk;
        using PrivateKey kept = Jwk.ImportPrivateKey(json);
        using PrivateKey free = Jwk.ImportPrivateKey(json, KeyExportPolicy.AllowPlaintextExport);
        Assert.That(() => Jwk.ExportPrivateKey(kept), Throws.InvalidOperationException);
        Assert.That(Jwk.ExportPrivateKey(free), Is.EqualTo(json));
    }

    [Test]
    public void A_disposed_key_is_not_written()
    {
        PrivateKey key = OpenSslKeys.All[0].Import();
        key.Dispose();
        Assert.That(() => Jwk.ExportPrivateKey(key), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Pem.ExportPrivateKey(key), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCase("\"use\":\"sig\",\"alg\":\"EdDSA\",\"kid\":\"\\u0031\\/2\",\"key_ops\":[\"verify\"]")]
    [TestCase("\"x5c\":[1,{\"deep\":null}],\"y\":\"ignored for OKP\"")]
    public void Members_that_are_not_required_are_ignored(string more)
    {
        byte[] json = Encoding.UTF8.GetBytes($"{Rfc8037Public[..^1]},{more}}}");
        Assert.That(Jwk.ImportPublicKey(json).Thumbprint, Is.EqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    }

    [TestCase("\"kty\":\"OKP\"", "\"kty\":\"EC\"", TestName = "Refused: the curve of another key type")]
    [TestCase("\"kty\":\"OKP\"", "\"kty\":\"okp\"", TestName = "Refused: the key type in other letters")]
    [TestCase("\"kty\":\"OKP\"", "\"kty\":null", TestName = "Refused: a null key type")]
    [TestCase("\"kty\":\"OKP\",", "", TestName = "Refused: no key type")]
    [TestCase("Ed25519", "Ed448", TestName = "Refused: an unknown curve")]
    [TestCase("\"crv\":\"Ed25519\",", "", TestName = "Refused: no curve")]
    [TestCase("\"x\":", "\"X\":", TestName = "Refused: no x")]
    [TestCase("HURo\"", "HURo=\"", TestName = "Refused: padding")]
    [TestCase("HURo\"", "HURp\"", TestName = "Refused: pad bits")]
    [TestCase("HURo\"", "HUR\"", TestName = "Refused: a short x")]
    [TestCase("HURo\"", "HURoA\"", TestName = "Refused: a long x")]
    [TestCase("VS_7T", "VS/7T", TestName = "Refused: the standard alphabet")]
    [TestCase("VS_7T", "VS 7T", TestName = "Refused: white space in x")]
    [TestCase("\"11qY", "\"\\u00311qY", TestName = "Refused: an escape in x")]
    [TestCase("\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"", "[]", TestName = "Refused: x is not text")]
    [TestCase("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", TestName = "Refused: a point of small order")]
    [TestCase("\"kty\"", "\"crv\":\"Ed25519\",\"kty\"", TestName = "Refused: a member twice")]
    [TestCase("\"kty\"", "\"cr\\u0076\":\"Ed25519\",\"kty\"", TestName = "Refused: a member twice, once escaped")]
    [TestCase("\"kty\"", "\"d\":null,\"kty\"", TestName = "Refused: d in a public key, whatever its value")]
    [TestCase("}", ",}", TestName = "Refused: a trailing comma")]
    [TestCase("}", "}{}", TestName = "Refused: trailing data")]
    [TestCase("{", "\uFEFF{", TestName = "Refused: a byte order mark")]
    [TestCase("{", "[{", TestName = "Refused: broken JSON")]
    public void A_public_key_with_one_fault_is_refused(string part, string replacement)
    {
        string bad = Rfc8037Public.Replace(part, replacement, StringComparison.Ordinal);
        Assert.That(bad, Is.Not.EqualTo(Rfc8037Public));
        Assert.That(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(Rfc8037Public), out _));
        Assert.That(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(bad), out PublicKey? key), Is.False);
        Assert.That(key, Is.Null);
    }

    [TestCase("\"y\":", "\"z\":", TestName = "Refused: a point without y")]
    [TestCase("sAjI", "sAjM", TestName = "Refused: a point that is not on the curve")]
    [TestCase("P-256", "secp256k1", TestName = "Refused: a point of another curve")]
    [TestCase("Rk0wTdqF7dpSW_TSOatHxadUTsfBCm6czuZ3pcRpx3M", "Rk0wTdqF7dpSW_TSOatHxadUTsfBCm6czuZ3pcRpxw", TestName = "Refused: an x of 31 bytes")]
    public void An_EC_key_with_one_fault_is_refused(string part, string replacement)
    {
        string bad = P256.Replace(part, replacement, StringComparison.Ordinal);
        Assert.That(bad, Is.Not.EqualTo(P256));
        Assert.That(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(P256), out _));
        Assert.That(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(bad), out _), Is.False);
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("\"kty\"")]
    [TestCase("{}")]
    [TestCase("")]
    public void What_is_not_an_object_with_a_key_is_refused(string json)
    {
        Assert.That(Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(json), out _), Is.False);
        Assert.That(() => Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<FormatException>());
    }

    [TestCase("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2B")]
    [TestCase("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyufw")]
    [TestCase("\"nWGx", "\"\\u006eWGx")]
    [TestCase("\"x\":", "\"X\":")]
    public void A_private_key_with_one_fault_is_refused_without_quoting_it(string part, string replacement)
    {
        string bad = Rfc8037Private.Replace(part, replacement, StringComparison.Ordinal);
        FormatException? refusal = Assert.Throws<FormatException>(() => Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(bad)));
        Assert.That(refusal!.ToString(), Does.Not.Contain("ne_9WmC6hEr0"));
    }

    [Test]
    public void A_zero_scalar_is_refused()
    {
        string json = $"{P256[..^1]},\"d\":\"{new string('A', 43)}\"}}";
        Assert.That(() => Jwk.ImportPrivateKey(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void The_size_is_limited()
    {
        byte[] Padded(int size) => Encoding.UTF8.GetBytes(Rfc8037Public + new string(' ', size - Rfc8037Public.Length));

        Assert.That(Jwk.TryImportPublicKey(Padded(Jwk.MaxInputSize), out _));
        Assert.That(Jwk.TryImportPublicKey(Padded(Jwk.MaxInputSize + 1), out _), Is.False);
    }
}
