using System.Globalization;

namespace Sage.Did.Internal;

/// <summary>RFC 3339 times with 0 to 9 fractional digits; digits beyond the seven that .NET holds are cut off.</summary>
internal static class Rfc3339
{
    public const int MaxLength = 35;

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length is < 20 or > MaxLength || text[10] is not ('T' or 't'))
        {
            return false;
        }

        int digits = 0;
        if (text[19] == '.')
        {
            digits = text[20..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length - 20;
            if (digits is 0 or > 9)
            {
                return false;
            }
        }

        long ticks = 0;
        for (int i = 0; i < 7; i++)
        {
            ticks = ticks * 10 + (i < digits ? text[20 + i] - '0' : 0);
        }

        ReadOnlySpan<char> zone = text[(19 + (digits > 0 ? digits + 1 : 0))..];
        return TryParseZone(zone, out TimeSpan offset)
            && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            && TimeOnly.TryParseExact(text[11..19], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly clock)
            && TryCombine(date.ToDateTime(clock).AddTicks(ticks), offset, out time);
    }

    private static bool TryParseZone(ReadOnlySpan<char> zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone is "Z" or "z")
        {
            return true;
        }

        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':'
            || !TryParseTwoDigits(zone[1..3], 23, out int hours) || !TryParseTwoDigits(zone[4..], 59, out int minutes))
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryParseTwoDigits(ReadOnlySpan<char> text, int maximum, out int value)
    {
        value = (text[0] - '0') * 10 + text[1] - '0';
        return char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && value <= maximum;
    }

    // An offset may carry the first or the last day of the calendar over its edge.
    private static bool TryCombine(DateTime local, TimeSpan offset, out DateTimeOffset time)
    {
        long utc = local.Ticks - offset.Ticks;
        bool valid = utc >= DateTime.MinValue.Ticks && utc <= DateTime.MaxValue.Ticks;
        time = valid ? new DateTimeOffset(utc, TimeSpan.Zero) : default;
        return valid;
    }
}
