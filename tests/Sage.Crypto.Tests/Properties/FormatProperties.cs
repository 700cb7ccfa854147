using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Properties;

[TestFixture]
public sealed class FormatProperties
{
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Base64_gives_back_what_was_encoded_and_has_one_spelling(byte[] bytes)
    {
        string text = Convert.ToBase64String(bytes);
        Assert.That(StrictBase64.TryDecode(text, bytes.Length, out byte[]? padded));
        Assert.That(padded, Is.EqualTo(bytes));
        Assert.That(StrictBase64.TryDecodeUrl(StrictBase64.EncodeUrl(bytes), bytes.Length, out byte[]? unpadded));
        Assert.That(unpadded, Is.EqualTo(bytes));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void Text_that_decodes_as_base64_is_what_encoding_gives(byte[] noise)
    {
        // Characters of the alphabet and its neighbours, so that many texts are nearly right.
        string text = string.Concat(noise.Select(static value => "AQgwZaz09+/-_= "[value % 15]));
        if (StrictBase64.TryDecode(text, 1000, out byte[]? bytes))
        {
            Assert.That(Convert.ToBase64String(bytes), Is.EqualTo(text));
        }

        if (StrictBase64.TryDecodeUrl(text, 1000, out bytes))
        {
            Assert.That(StrictBase64.EncodeUrl(bytes), Is.EqualTo(text));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Base58_gives_back_what_was_encoded(byte[] bytes, byte zeros)
    {
        byte[] padded = [.. new byte[zeros % 4], .. bytes];
        Assert.That(Base58.TryDecode(Base58.Encode(padded), padded.Length, out byte[]? decoded));
        Assert.That(decoded, Is.EqualTo(padded));
    }

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void Every_format_gives_back_the_key(byte choice)
    {
        KeyAlgorithm algorithm = KeyAlgorithm.All[choice % KeyAlgorithm.All.Count];
        using PrivateKey key = TestKeys.New(algorithm, KeyExportPolicy.AllowPlaintextExport);
        byte[] raw = TestKeys.Raw(key);

        Assert.That(algorithm.IsRsa || Multikey.Decode(Multikey.Encode(key.PublicKey)).Equals(key.PublicKey));
        Assert.That(Jwk.ImportPublicKey(Encoding.UTF8.GetBytes(Jwk.Export(key.PublicKey))), Is.EqualTo(key.PublicKey));
        Assert.That(Pem.ImportPublicKey(Encoding.UTF8.GetBytes(Pem.Export(key.PublicKey)), algorithm), Is.EqualTo(key.PublicKey));
        using PrivateKey fromJwk = Jwk.ImportPrivateKey(Jwk.ExportPrivateKey(key), KeyExportPolicy.AllowPlaintextExport);
        Assert.That(TestKeys.Raw(fromJwk), Is.EqualTo(raw));
        using PrivateKey fromPem = Pem.ImportPrivateKey(Pem.ExportPrivateKey(key), algorithm, KeyExportPolicy.AllowPlaintextExport);
        Assert.That(TestKeys.Raw(fromPem), Is.EqualTo(raw));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void Arbitrary_bytes_are_refused_without_another_exception(byte[] noise)
    {
        ReadAll(noise);
        ReadAll(System.Security.Cryptography.PemEncoding.WriteUtf8("PUBLIC KEY"u8, noise));
        ReadAll(System.Security.Cryptography.PemEncoding.WriteUtf8("PRIVATE KEY"u8, noise));
        _ = Multikey.TryDecode("z" + Base58.Encode(noise), out _);
        _ = Multikey.TryDecode(Encoding.Latin1.GetString(noise), out _);
    }

    [FsCheck.NUnit.Property(MaxTest = 600)]
    public void A_damaged_key_is_read_or_refused_without_another_exception(byte choice, ushort at, byte value)
    {
        using PrivateKey key = TestKeys.New(KeyAlgorithm.All[choice % KeyAlgorithm.All.Count], KeyExportPolicy.AllowPlaintextExport);
        foreach (byte[] good in (byte[][])[DerWriter.WriteSpki(key.PublicKey), DerWriter.WritePkcs8(key)])
        {
            good[at % good.Length] = value;
            ReadAll(System.Security.Cryptography.PemEncoding.WriteUtf8("PUBLIC KEY"u8, good));
            ReadAll(System.Security.Cryptography.PemEncoding.WriteUtf8("PRIVATE KEY"u8, good));
        }

        foreach (byte[] good in (byte[][])[Jwk.ExportPrivateKey(key), Encoding.UTF8.GetBytes(Jwk.Export(key.PublicKey)), Pem.ExportPrivateKey(key)])
        {
            good[at % good.Length] = value;
            ReadAll(good);
        }
    }

    private static void ReadAll(byte[] input)
    {
        _ = Jwk.TryImportPublicKey(input, out _);
        _ = Pem.TryImportPublicKey(input, out _);
        ReadOrRefuse(() => Jwk.ImportPrivateKey(input));
        ReadOrRefuse(() => Pem.ImportPrivateKey(input));
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            _ = Jwk.TryImportPublicKey(input, algorithm, out _);
            _ = Pem.TryImportPublicKey(input, algorithm, out _);
            ReadOrRefuse(() => Jwk.ImportPrivateKey(input, algorithm));
            ReadOrRefuse(() => Pem.ImportPrivateKey(input, algorithm));
        }
    }

    private static void ReadOrRefuse(Func<PrivateKey> read)
    {
        try
        {
            read().Dispose();
        }
        catch (FormatException)
        {
            // The one documented exception; any other fails the property.
        }
    }
}
