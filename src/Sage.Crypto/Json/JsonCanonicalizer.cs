using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Crypto;

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785). Input is I-JSON: duplicate members, lone surrogates, invalid UTF-8 and
/// numbers that are not finite doubles are refused, as are more than 64 levels and more than 1 MiB.
/// </summary>
/// <remarks>Stateless and safe to use from any thread.</remarks>
public static class JsonCanonicalizer
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxInputSize = 1024 * 1024;

    /// <summary>Canonicalises a JSON text.</summary>
    /// <param name="utf8Json">The JSON text in UTF-8, without a byte order mark.</param>
    /// <returns>The canonical form in UTF-8.</returns>
    /// <exception cref="FormatException">The input is not acceptable JSON.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8Json) =>
        TryCanonicalize(utf8Json, out byte[]? canonical) ? canonical : throw new FormatException("The input is not JSON that RFC 8785 can canonicalise.");

    /// <summary>Canonicalises a JSON text without an exception for bad input.</summary>
    /// <param name="utf8Json">The JSON text in UTF-8, without a byte order mark.</param>
    /// <param name="canonical">The canonical form in UTF-8, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the input is acceptable JSON.</returns>
    public static bool TryCanonicalize(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out byte[]? canonical)
    {
        canonical = null;
        if (utf8Json.Length > MaxInputSize || !StrictJson.TryParse(utf8Json.ToArray(), MaxInputSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            canonical = Canonicalize(document.RootElement);
            return true;
        }
    }

    /// <summary>Canonicalises an element that came from <see cref="StrictJson"/>, leaving out one top-level member.</summary>
    internal static byte[] Canonicalize(JsonElement element, string? exceptMember = null)
    {
        ArrayBufferWriter<byte> output = new(256);
        CanonicalWriter.Write(element, output, exceptMember);
        return output.WrittenSpan.ToArray();
    }
}
