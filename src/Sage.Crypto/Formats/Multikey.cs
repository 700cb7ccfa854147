using System.Diagnostics.CodeAnalysis;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// Public keys as W3C Multikey text (Controlled Identifiers 1.0 §2.2.2), the part of a <c>did:key</c> after its prefix:
/// <c>z</c> and the base58btc of a multicodec and the key, compressed for secp256k1, P-256 and P-384.
/// </summary>
/// <remarks>RSA keys have no such text: the one multicodec for them does not say which signatures they make. Stateless and safe to use from any thread.</remarks>
public static class Multikey
{
    // The longest: a multicodec of two bytes and a compressed point.
    private const int MaxSize = 2 + Coordinates.MaxCompressedSize;

    /// <summary>Writes a public key as Multikey text.</summary>
    /// <param name="key">The key, of any algorithm but the RSA ones.</param>
    /// <exception cref="ArgumentException">The key is an RSA key.</exception>
    public static string Encode(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Algorithm.IsRsa)
        {
            throw new ArgumentException("Multikey does not say which signatures an RSA key makes; write it as JWK or PEM.", nameof(key));
        }

        return "z" + Base58.Encode([.. KeyFormat.Of(key.Algorithm).Multicodec, .. Coordinates.Compress(key)]);
    }

    /// <summary>Reads Multikey text and checks the key as <see cref="PublicKey.Import"/> does.</summary>
    /// <param name="text">The text, with its leading <c>z</c>.</param>
    /// <exception cref="FormatException">The text is not the Multikey of a valid key of a known algorithm.</exception>
    public static PublicKey Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryDecode(text, out PublicKey? key) ? key : throw new FormatException("The text is not the Multikey of a valid public key.");
    }

    /// <summary>Reads Multikey text as <see cref="Decode"/> does, without an exception for bad text.</summary>
    /// <param name="text">The text, with its leading <c>z</c>.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the text is the Multikey of a valid key.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        if (text is not ['z', .. ReadOnlySpan<char> encoded] || !Base58.TryDecode(encoded, MaxSize, out byte[]? bytes))
        {
            return false;
        }

        foreach (KeyFormat format in KeyFormat.All)
        {
            if (bytes.AsSpan().StartsWith(format.Multicodec))
            {
                return PublicKey.TryImport(format.Algorithm, bytes.AsSpan(format.Multicodec.Length), out key);
            }
        }

        return false;
    }
}
