using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Keys as PEM (RFC 7468) the way OpenSSL writes them: <c>PUBLIC KEY</c> holds a SubjectPublicKeyInfo, <c>PRIVATE KEY</c>
/// an unencrypted PKCS#8 (RFC 5958); RFC 8410 for Ed25519 and X25519, RFC 5480 and RFC 5915 with a named curve for
/// secp256k1, P-256 and P-384, RFC 8017 and RFC 4055 for RSA.
/// </summary>
/// <remarks>
/// <para>Input is exactly one block with that label and at most <see cref="MaxInputSize"/> bytes of text. Encrypted keys and
/// other labels (<c>EC PRIVATE KEY</c>, <c>RSA PRIVATE KEY</c>, <c>ENCRYPTED PRIVATE KEY</c>) are refused.</para>
/// <para>An RSA key marked <c>id-RSASSA-PSS</c>, without parameters or with those of RFC 9421 §3.3.1, is for
/// <see cref="KeyAlgorithm.RsaPssSha512"/>, and so such keys are written. One marked <c>rsaEncryption</c> does not say what it
/// is for, so the caller must. Stateless and safe to use from any thread.</para>
/// </remarks>
public static class Pem
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxInputSize = 8 * 1024;

    // An RSA key of 8192 bits is under 4,700 bytes, any other under 200; PKCS#8 attributes may add some.
    private const int MaxDerSize = 5 * 1024;

    private const string NotPublic = "The input is not one PUBLIC KEY block with a valid key.";
    private const string NotPrivate = "The input is not one PRIVATE KEY block with a valid, unencrypted key.";
    private const string Ambiguous = "The RSA key does not say which signatures it makes; use the overload that takes a KeyAlgorithm.";

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
    /// <exception cref="FormatException">
    /// The input is not one <c>PUBLIC KEY</c> block with a valid key of a known algorithm, or it is an RSA key that does not
    /// say what it is for.
    /// </exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8) => ImportPublic(utf8, null);

    /// <summary>Reads a public key of one algorithm and checks it as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="algorithm">What the key is for.</param>
    /// <exception cref="FormatException">The input is not one <c>PUBLIC KEY</c> block with a valid key for that algorithm.</exception>
    public static PublicKey ImportPublicKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return ImportPublic(utf8, algorithm);
    }

    /// <summary>Reads a public key as <see cref="ImportPublicKey(ReadOnlySpan{byte})"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is one <c>PUBLIC KEY</c> block with a valid key.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out PublicKey? key) => TryRead(utf8, null, out key, out _);

    /// <summary>Reads a public key as <see cref="ImportPublicKey(ReadOnlySpan{byte}, KeyAlgorithm)"/> does, without an exception for bad input.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="algorithm">What the key is for.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is one <c>PUBLIC KEY</c> block with a valid key for that algorithm.</returns>
    public static bool TryImportPublicKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm, [NotNullWhen(true)] out PublicKey? key)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return TryRead(utf8, algorithm, out key, out _);
    }

    /// <summary>Reads a private key, which cannot be exported later; a public key in it must belong to it.</summary>
    /// <param name="utf8">The text; the caller zeroes it.</param>
    /// <exception cref="FormatException">
    /// The input is not one <c>PRIVATE KEY</c> block with a valid, unencrypted key of a known algorithm, or it is an RSA key
    /// that does not say what it is for.
    /// </exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8) =>
        ImportPrivate(utf8, null, KeyExportPolicy.None);

    /// <summary>Reads a private key; a public key in it must belong to it.</summary>
    /// <param name="utf8">The text; the caller zeroes it.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">
    /// The input is not one <c>PRIVATE KEY</c> block with a valid, unencrypted key of a known algorithm, or it is an RSA key
    /// that does not say what it is for.
    /// </exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyExportPolicy exportPolicy) =>
        ImportPrivate(utf8, null, exportPolicy);

    /// <summary>Reads a private key of one algorithm; a public key in it must belong to it.</summary>
    /// <param name="utf8">The text; the caller zeroes it.</param>
    /// <param name="algorithm">What the key is for.</param>
    /// <param name="exportPolicy">Whether the key may be exported later.</param>
    /// <exception cref="FormatException">The input is not one <c>PRIVATE KEY</c> block with a valid, unencrypted key for that algorithm.</exception>
    public static PrivateKey ImportPrivateKey(ReadOnlySpan<byte> utf8, KeyAlgorithm algorithm, KeyExportPolicy exportPolicy = KeyExportPolicy.None)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return ImportPrivate(utf8, algorithm, exportPolicy);
    }

    private static PublicKey ImportPublic(ReadOnlySpan<byte> utf8, KeyAlgorithm? algorithm) =>
        TryRead(utf8, algorithm, out PublicKey? key, out bool isAmbiguous) ? key : throw new FormatException(isAmbiguous ? Ambiguous : NotPublic);

    private static bool TryRead(ReadOnlySpan<byte> utf8, KeyAlgorithm? algorithm, [NotNullWhen(true)] out PublicKey? key, out bool isAmbiguous)
    {
        key = null;
        isAmbiguous = false;
        byte[] der = new byte[Math.Min(MaxDerSize, utf8.Length)];
        return utf8.Length <= MaxInputSize
            && PemReader.TryRead(utf8, PublicLabel, der, out int written)
            && DerReader.TryReadSpki(der.AsMemory(0, written), algorithm, out key, out isAmbiguous);
    }

    private static PrivateKey ImportPrivate(ReadOnlySpan<byte> utf8, KeyAlgorithm? algorithm, KeyExportPolicy exportPolicy)
    {
        byte[] der = GC.AllocateArray<byte>(Math.Min(MaxDerSize, utf8.Length), pinned: true);
        bool isAmbiguous = false;
        try
        {
            return utf8.Length <= MaxInputSize
                && PemReader.TryRead(utf8, PrivateLabel, der, out int written)
                && DerReader.TryReadPkcs8(der.AsMemory(0, written), algorithm, exportPolicy, out isAmbiguous) is { } key
                    ? key
                    : throw new FormatException(isAmbiguous ? Ambiguous : NotPrivate);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }
}
