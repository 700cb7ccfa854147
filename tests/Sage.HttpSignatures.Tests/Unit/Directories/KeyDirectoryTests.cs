using System.Text;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit.Directories;

[TestFixture]
internal sealed class KeyDirectoryTests
{
    private const string Key = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"";
    private const string Thumbprint = "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";
    private const string Other = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    [TestCase("")]
    [TestCase(",\"kid\":\"" + Thumbprint + "\"")]
    [TestCase(",\"alg\":\"ed25519\"")]
    [TestCase(",\"alg\":\"EdDSA\"")]
    [TestCase(",\"use\":\"sig\"")]
    [TestCase(",\"key_ops\":[\"verify\"]")]
    [TestCase(",\"key_ops\":[1,\"sign\",\"verify\"]")]
    [TestCase(",\"nbf\":1712793600,\"exp\":1715385600")]
    [TestCase(",\"unknown\":{\"d\":1}")]
    public void A_key_is_found_by_its_thumbprint(string members)
    {
        KeyDirectory directory = Read($"{{\"keys\":[{{{Key}{members}}},{Other}]}}");

        Assert.That(directory.Keys, Has.Count.EqualTo(2));
        Assert.That(directory.TryFind(Thumbprint, out DirectoryKey? key));
        Assert.That(key!.PublicKey.Thumbprint, Is.EqualTo(Thumbprint));
    }

    [TestCase(",\"kid\":\"key-1\"")]
    [TestCase(",\"kid\":\"POQKLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\"")]
    [TestCase(",\"kid\":1")]
    [TestCase(",\"kid\":null")]
    [TestCase(",\"alg\":\"rsa-pss-sha512\"")]
    [TestCase(",\"alg\":\"ecdsa-p256-sha256\"")]
    [TestCase(",\"alg\":\"hmac-sha256\"")]
    [TestCase(",\"alg\":\"none\"")]
    [TestCase(",\"alg\":[\"ed25519\"]")]
    [TestCase(",\"use\":\"enc\"")]
    [TestCase(",\"key_ops\":[\"sign\"]")]
    [TestCase(",\"key_ops\":\"verify\"")]
    [TestCase(",\"nbf\":\"1712793600\"")]
    [TestCase(",\"exp\":-1")]
    [TestCase(",\"exp\":1e300")]
    [TestCase(",\"exp\":9223372036854775807")]
    [TestCase(",\"nbf\":10,\"exp\":10")]
    public void A_key_that_contradicts_itself_is_skipped(string members)
    {
        KeyDirectory directory = Read($"{{\"keys\":[{{{Key}{members}}},{Other}]}}");

        Assert.That(directory.Keys, Has.Count.EqualTo(1));
        Assert.That(directory.TryFind(Thumbprint, out _), Is.False);
    }

    [TestCase("{}")]
    [TestCase("{\"kty\":\"XYZ\"}")]
    [TestCase("{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"AA\"}")]
    [TestCase("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}")]
    [TestCase("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [TestCase("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"}")]
    public void A_key_of_an_unknown_kind_is_skipped(string jwk) => Assert.That(Read($"{{\"keys\":[{jwk},{Other}]}}").Keys, Has.Count.EqualTo(1));

    [Test]
    public void A_key_that_no_registered_algorithm_uses_is_skipped_and_cannot_be_published()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Secp256k1);

        Assert.That(Read($"{{\"keys\":[{Jwk.Export(key.PublicKey)}]}}").Keys, Is.Empty);
        Assert.That(() => new DirectoryKey(key.PublicKey), Throws.ArgumentException);
    }

    [TestCase("{" + Key + ",\"d\":\"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU\"}")]
    [TestCase("{" + Key + ",\"d\":null}")]
    [TestCase("{" + Key + ",\"\\u0064\":\"\"}")]
    [TestCase("{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\",\"p\":\"AA\"}")]
    [TestCase("{\"kty\":\"oct\",\"k\":\"AA\"}")]
    [TestCase("{\"kty\":\"AKP\",\"priv\":\"AA\"}")]
    public void A_private_key_refuses_the_whole_document(string jwk) => Refused($"{{\"keys\":[{Other},{jwk}]}}");

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"keys\":{}}")]
    [TestCase("{\"keys\":null}")]
    [TestCase("{\"keys\":[1]}")]
    [TestCase("{\"keys\":[null]}")]
    [TestCase("{\"keys\":[],\"keys\":[]}")]
    [TestCase("{\"keys\":[]}x")]
    [TestCase("{\"keys\":[],}")]
    [TestCase("{\"keys\":[]/**/}")]
    [TestCase("\ufeff{\"keys\":[]}")]
    [TestCase("{\"keys\":[{" + Key + ",\"x\":\"\"}]}")]
    [TestCase("{\"keys\":[{" + Key + "},{" + Key + "}]}")]
    [TestCase("<!DOCTYPE html><title>Not found</title>")]
    public void Another_document_is_refused(string json) => Refused(json);

    [Test]
    public void Deep_nesting_is_refused() => Refused($"{{\"keys\":[],\"x\":{new string('[', 1000)}{new string(']', 1000)}}}");

    [Test]
    public void Broken_utf8_is_refused() => Assert.That(KeyDirectory.TryParse(Encoding.Latin1.GetBytes("{\"keys\":[],\"x\":\"\u00ff\"}"), out _), Is.False);

    [Test]
    public void Sixty_four_keys_are_read_and_sixty_five_are_not()
    {
        string[] jwks = [.. Enumerable.Repeat("{\"kty\":\"XYZ\"}", KeyDirectory.MaxKeys - 1), Other];

        Assert.That(Read($"{{\"keys\":[{string.Join(',', jwks)}]}}").Keys, Has.Count.EqualTo(1));
        Refused($"{{\"keys\":[{string.Join(',', jwks)},{{}}]}}");
    }

    [Test]
    public void A_document_of_64_KiB_is_read_and_a_larger_one_is_not()
    {
        string start = $"{{\"keys\":[{Other}],\"x\":\"";
        string filling = new('x', KeyDirectory.MaxSize - start.Length - 2);

        Assert.That(Read(start + filling + "\"}").Keys, Has.Count.EqualTo(1));
        Refused(start + filling + "x\"}");
    }

    [Test]
    public void A_directory_holds_each_key_once_and_not_too_many()
    {
        DirectoryKey key = Read($"{{\"keys\":[{Other}]}}").Keys[0];
        DirectoryKey[] many = [.. Enumerable.Range(0, KeyDirectory.MaxKeys + 1).Select(_ =>
        {
            using PrivateKey made = PrivateKey.Generate(KeyAlgorithm.Ed25519);
            return new DirectoryKey(made.PublicKey);
        })];

        Assert.That(() => new KeyDirectory([key, key]), Throws.ArgumentException);
        Assert.That(() => new KeyDirectory(many), Throws.ArgumentException);
        Assert.That(new KeyDirectory(many[1..]).Keys, Has.Count.EqualTo(KeyDirectory.MaxKeys));
    }

    [Test]
    public void A_key_is_valid_from_its_beginning_until_before_its_end()
    {
        DateTimeOffset start = DateTimeOffset.FromUnixTimeSeconds(1_712_793_600);
        PublicKey key = Read($"{{\"keys\":[{Other}]}}").Keys[0].PublicKey;
        DirectoryKey entry = new(key, start, start.AddSeconds(10));

        Assert.That(new[] { -1, 0, 9, 10 }.Select(seconds => entry.IsValidAt(start.AddSeconds(seconds))), Is.EqualTo(new[] { false, true, true, false }));
        Assert.That(new DirectoryKey(key).IsValidAt(DateTimeOffset.MinValue));
        Assert.That(() => new DirectoryKey(key, start, start.AddMilliseconds(999)), Throws.ArgumentException);
        Assert.That(() => new DirectoryKey(key, DateTimeOffset.UnixEpoch.AddTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void What_is_published_names_each_key_and_its_algorithm()
    {
        KeyDirectory directory = new([new DirectoryKey(Read($"{{\"keys\":[{{{Key}}}]}}").Keys[0].PublicKey, expires: DateTimeOffset.FromUnixTimeSeconds(1_715_385_600))]);

        Assert.That(
            Encoding.UTF8.GetString(directory.ToJson()),
            Is.EqualTo($"{{\"keys\":[{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\",\"alg\":\"ed25519\",\"kid\":\"{Thumbprint}\",\"use\":\"sig\",\"exp\":1715385600}}]}}"));
    }

    private static KeyDirectory Read(string json)
    {
        Assert.That(KeyDirectory.TryParse(Encoding.UTF8.GetBytes(json), out KeyDirectory? directory), json);
        return directory!;
    }

    private static void Refused(string json) => Assert.That(KeyDirectory.TryParse(Encoding.UTF8.GetBytes(json), out _), Is.False, json);
}
