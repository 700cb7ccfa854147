using System.Buffers;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The characters of RFC 9651, all ASCII.</summary>
internal static class StructuredText
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Alpha = Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static SearchValues<char> KeyCharacters { get; } = SearchValues.Create(Lower + Digits + "_-.*");

    public static SearchValues<char> TokenCharacters { get; } = SearchValues.Create(Alpha + Digits + "!#$%&'*+-.^_`|~:/");

    public static SearchValues<char> Base64Characters { get; } = SearchValues.Create(Alpha + Digits + "+/");

    public static bool StartsKey(char character) => char.IsAsciiLetterLower(character) || character == '*';

    public static bool StartsToken(char character) => char.IsAsciiLetter(character) || character == '*';

    public static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    public static bool IsKey(ReadOnlySpan<char> text) =>
        !text.IsEmpty && StartsKey(text[0]) && !text.ContainsAnyExcept(KeyCharacters);

    public static bool IsToken(ReadOnlySpan<char> text) =>
        !text.IsEmpty && StartsToken(text[0]) && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether text is base64 as RFC 4648 §4 writes it: padded, and the bits that carry nothing are zero, so that bytes have one text.</summary>
    public static bool IsCanonicalBase64(ReadOnlySpan<char> text)
    {
        if (text.Length % 4 != 0)
        {
            return false;
        }

        ReadOnlySpan<char> body = text.EndsWith("==") ? text[..^2] : text.EndsWith('=') ? text[..^1] : text;
        if (body.ContainsAnyExcept(Base64Characters))
        {
            return false;
        }

        return (text.Length - body.Length) switch
        {
            0 => true,
            1 => Sextet(body[^1]) % 4 == 0,
            _ => Sextet(body[^1]) % 16 == 0,
        };
    }

    private static int Sextet(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' => 62,
        _ => 63,
    };
}
