namespace Sage.HttpSignatures.StructuredFields;

/// <summary>Integers of RFC 9651 §3.3.1, without any culture.</summary>
internal static class StructuredNumber
{
    /// <summary>The greatest magnitude of an integer or date: fifteen digits.</summary>
    public const long Max = 999_999_999_999_999;

    public static bool Fits(long value) => value is >= -Max and <= Max;

    /// <summary>The value of an optional minus and at most fifteen digits, which the grammar has already accepted.</summary>
    public static long FromChecked(ReadOnlySpan<char> text) => text[0] == '-' ? -Magnitude(text) : Magnitude(text);

    /// <summary>The digits as a number, without their sign.</summary>
    public static long Magnitude(ReadOnlySpan<char> text)
    {
        long value = 0;
        foreach (char digit in text.TrimStart('-'))
        {
            value = (value * 10) + (digit - '0');
        }

        return value;
    }
}
