using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Keys as PEM (RFC 7468) the way OpenSSL writes them: <c>PUBLIC KEY</c> holds a SubjectPublicKeyInfo, <c>PRIVATE KEY</c>
/// an unencrypted PKCS#8 (RFC 5958); RFC 8410 for Ed25519 and X25519, RFC 5480 and RFC 5915 with a named curve for
/// secp256k1 and P-256.
/// </summary>
/// <remarks>
/// Input is exactly one block with that label and at most <see cref="MaxInputSize"/> bytes of text. Encrypted keys and
/// other labels (<c>EC PRIVATE KEY</c>, <c>ENCRYPTED PRIVATE KEY</c>) are refused. Stateless and safe to use from any thread.
/// </remarks>
public static class Pem
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxInputSize = 8 * 1024;

    // The longest key written by anyone is under 200 bytes; PKCS#8 attributes may add some.
    private const int MaxDerSize = 512;

    private static ReadOnlySpan<byte> PublicLabel => "PUBLIC KEY"u8;

    private static ReadOnlySpan<byte> PrivateLabel => "PRIVATE KEY"u8;

    /// <summary>Writes a public key; EC points are uncompressed.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text, ending in a line feed.</returns>
    public static string Export(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return PemEncoding.WriteString("PUBLIC KEY", DerWriter.WriteSpki(key)) + "\n";
    }

    /// <summary>Writes a private key, with its public point for EC keys.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The ASCII text, ending in a line feed, in memory the garbage collector does not move; the caller zeroes it.</returns>
    /// <exception cref="InvalidOperationException">The key was made with <see cref="KeyExportPolicy.None"/>.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public static byte[] ExportPrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte[] der = DerWriter.WritePkcs8(key);
        try
        {
            byte[] text = GC.AllocateArray<byte>(PemEncoding.GetEncodedSize(PrivateLabel.Length, der.Length) + 1, pinned: true);
            PemEncoding.TryWriteUtf8(PrivateLabel, der, text, out _);
            text[^1] = (byte)'\n';
            return text;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    /// <summary>Reads a public key and checks it as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="utf8">The text.</param>
    /// <exception cref="FormatException">The input is not one <c>PUBLIC KEY</c> block with a valid key of a known algorithm.</exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8) =>
        TryImportPublicKey(utf8, out PublicKey? key) ? key : throw new FormatException("The input is not one PUBLIC KEY block with a valid key.");

    /// <summary>Reads a public key as <see cref="ImportPublicKey"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is one <c>PUBLIC KEY</c> block with a valid key.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        byte[] der = new byte[MaxDerSize];
        return utf8.Length <= MaxInputSize
            && PemReader.TryRead(utf8, PublicLabel, der, out int written)
            && DerReader.TryReadSpki(der.AsMemory(0, written), out key);
    }

    /// <summary>Reads a private key; a public key in it must belong to it.</summary>
    /// <param name="utf8">The text; the caller zeroes it.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">The input is not one <c>PRIVATE KEY</c> block with a valid, unencrypted key of a known algorithm.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyExportPolicy exportPolicy = KeyExportPolicy.None)
    {
        byte[] der = GC.AllocateArray<byte>(MaxDerSize, pinned: true);
        try
        {
            return utf8.Length <= MaxInputSize
                && PemReader.TryRead(utf8, PrivateLabel, der, out int written)
                && DerReader.TryReadPkcs8(der.AsMemory(0, written), exportPolicy) is { } key
                    ? key
                    : throw new FormatException("The input is not one PRIVATE KEY block with a valid, unencrypted key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }
}
