using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sage.Crypto.Internal;

/// <summary>ECMAScript's Number::toString (ECMA-262 §6.1.6.1.20), which RFC 8785 §3.2.2.3 prescribes.</summary>
internal static class EcmaScriptNumber
{
    public static void Write(double value, IBufferWriter<byte> output)
    {
        if (value == 0)
        {
            output.Write("0"u8);
            return;
        }

        // "E16" would round; the shortest round-trip digits are what "R" gives. Its exponent form is taken apart here.
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        int exponent = exponentAt < 0 ? 0 : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int pointAt = (point < 0 ? mantissa.Length : point) + exponent;
        string significant = digits.TrimStart('0');
        pointAt -= digits.Length - significant.Length;
        significant = significant.TrimEnd('0');

        Encoding.ASCII.GetBytes((value < 0 ? "-" : "") + Place(significant, pointAt), output);
    }

    // digits d₁d₂…dₖ with the decimal point after the n-th digit, as the standard's k and n.
    private static string Place(string digits, int n)
    {
        int k = digits.Length;
        if (n is > 0 and <= 21)
        {
            return k <= n ? digits + new string('0', n - k) : $"{digits[..n]}.{digits[n..]}";
        }

        if (n is > -6 and <= 0)
        {
            return "0." + new string('0', -n) + digits;
        }

        string sign = n > 0 ? "+" : "-";
        string exponent = Math.Abs(n - 1).ToString(CultureInfo.InvariantCulture);
        return k == 1 ? $"{digits}e{sign}{exponent}" : $"{digits[0]}.{digits[1..]}e{sign}{exponent}";
    }
}
