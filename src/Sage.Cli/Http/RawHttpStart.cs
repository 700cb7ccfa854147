using System.Globalization;
using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary>The first line of a message: a request line or a status line (RFC 9112 §3, §4).</summary>
internal readonly record struct RawHttpStart(string? Method, string Target, (string Scheme, string Authority)? Absolute, int Status)
{
    private const int VersionLength = 8;

    public static RawHttpError TryRead(ReadOnlySpan<byte> line, out RawHttpStart start)
    {
        start = default;
        if (line.Length > VersionLength && IsVersion(line[..VersionLength]))
        {
            ReadOnlySpan<byte> rest = line[VersionLength..];
            if (rest is not [(byte)' ', >= (byte)'1' and <= (byte)'9', _, _, ..]
                || rest[1..4].ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || (rest.Length > 4 && rest[4] != ' ')
                || RawHttpLines.HasControl(rest))
            {
                return RawHttpError.InvalidStartLine;
            }

            start = new RawHttpStart(null, "", null, int.Parse(rest[1..4], NumberStyles.None, CultureInfo.InvariantCulture));
            return RawHttpError.None;
        }

        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !RawHttpLines.IsToken(line[..first]) || !IsVersion(line[(last + 1)..]))
        {
            return RawHttpError.InvalidStartLine;
        }

        ReadOnlySpan<byte> target = line[(first + 1)..last];
        if (target.IsEmpty || target.ContainsAnyExceptInRange((byte)'!', (byte)'~') || target.Contains((byte)'#'))
        {
            return RawHttpError.InvalidTarget;
        }

        string text = Encoding.Latin1.GetString(target);
        (string, string)? absolute = null;
        if (text is not (['/', ..] or "*"))
        {
            absolute = ReadAbsolute(text);
            if (absolute is null)
            {
                return RawHttpError.InvalidTarget;
            }
        }

        start = new RawHttpStart(Encoding.Latin1.GetString(line[..first]), text, absolute, 0);
        return RawHttpError.None;
    }

    private static (string Scheme, string Authority)? ReadAbsolute(string target)
    {
        int colon = target.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(target[0]) || !target[..colon].All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.'))
        {
            return null;
        }

        string rest = target[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?');
        string authority = end < 0 ? rest : rest[..end];
        return authority.Length == 0 || authority.Contains('@') ? null : (target[..colon], authority);
    }

    private static bool IsVersion(ReadOnlySpan<byte> text) => Bytes.PublicEquals(text, "HTTP/1.1"u8) || Bytes.PublicEquals(text, "HTTP/1.0"u8);
}
