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

    public static bool StartsKey(char character) => char.IsAsciiLetterLower(character) || character == '*';

    public static bool StartsToken(char character) => char.IsAsciiLetter(character) || character == '*';

    public static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    public static bool IsKey(ReadOnlySpan<char> text) =>
        !text.IsEmpty && StartsKey(text[0]) && !text.ContainsAnyExcept(KeyCharacters);

    public static bool IsToken(ReadOnlySpan<char> text) =>
        !text.IsEmpty && StartsToken(text[0]) && !text.ContainsAnyExcept(TokenCharacters);
}
