using System.Security.Cryptography;

namespace Sage.Crypto.Tests;

/// <summary>Keys of any algorithm, quickly: RSA keys are taken in turn from a few, because making one takes a second.</summary>
internal static class TestKeys
{
    private static readonly Lazy<byte[][]> Rsa = new(() => [.. Enumerable.Range(0, 4).Select(_ => RsaDer(2048))]);
    private static int next;

    /// <summary>A new key, or for RSA one that differs from the last three.</summary>
    public static PrivateKey New(KeyAlgorithm algorithm, KeyExportPolicy policy = KeyExportPolicy.None) => algorithm.IsRsa
        ? PrivateKey.Import(algorithm, Rsa.Value[(uint)Interlocked.Increment(ref next) % 4], policy)
        : PrivateKey.Generate(algorithm, policy);

    public static byte[] RsaDer(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        return rsa.ExportRSAPrivateKey();
    }

    public static byte[] Raw(PrivateKey key)
    {
        byte[] raw = new byte[key.Size];
        key.Export(raw);
        return raw;
    }
}
