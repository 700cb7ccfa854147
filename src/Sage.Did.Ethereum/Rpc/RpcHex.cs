using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Sage.Did.Ethereum;

/// <summary>The two ways in which the Ethereum JSON-RPC API writes values: quantities (no leading zero, "0x0" for zero) and data (two digits per byte).</summary>
internal static class RpcHex
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool TryReadQuantity(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return IsQuantity(text, maxDigits: 16) && ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryReadBytes(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 != 0 || !text.StartsWith("0x", StringComparison.Ordinal) || text[2..].ContainsAnyExcept(Digits))
        {
            return false;
        }

        bytes = Convert.FromHexString(text[2..]);
        return true;
    }

    public static bool TryReadBytes(ReadOnlySpan<char> text, Span<byte> exactly) =>
        text.Length == (exactly.Length * 2) + 2
        && text.StartsWith("0x", StringComparison.Ordinal)
        && Convert.FromHexString(text[2..], exactly, out _, out _) == OperationStatus.Done;

    public static string Quantity(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>The text of a member, if the member is there and a string.</summary>
    public static bool TryReadText(JsonElement parent, string name, [NotNullWhen(true)] out string? text)
    {
        text = parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
        return text is not null;
    }

    private static bool IsQuantity(ReadOnlySpan<char> text, int maxDigits) =>
        text.Length > 2
        && text.Length - 2 <= maxDigits
        && text.StartsWith("0x", StringComparison.Ordinal)
        && (text.Length == 3 || text[2] != '0')
        && !text[2..].ContainsAnyExcept(Digits);
}
