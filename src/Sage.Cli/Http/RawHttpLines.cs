using System.Text;

namespace Sage.Cli;

/// <summary>Reads the lines of a message, ended by CRLF or LF, and the fields they make.</summary>
internal ref struct RawHttpLines(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; } = position;

    public readonly ReadOnlySpan<byte> Rest => bytes[Position..];

    /// <summary>Reads a line without its end; false when none ends within the limit.</summary>
    public bool TryRead(int limit, out ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = Rest;
        int end = rest[..Math.Min(rest.Length, limit)].IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        Position += end + 1;
        line = end > 0 && rest[end - 1] == '\r' ? rest[..(end - 1)] : rest[..end];
        return true;
    }

    public void Skip(int count) => Position += count;

    /// <summary>Reads fields to the empty line, each on one line (RFC 9112 §5.2 for those that are folded).</summary>
    /// <param name="fields">Receives the fields; those that are in it count towards the limit.</param>
    /// <param name="start">Where what is limited in length begins.</param>
    /// <param name="end">Where the empty line begins.</param>
    public RawHttpError ReadFields(List<RawHttpField> fields, int start, out int end)
    {
        StringBuilder? value = null;
        string name = "";
        for (; ; )
        {
            end = Position;
            if (!TryRead(start + RawHttpMessage.MaxHeadSize - Position, out ReadOnlySpan<byte> line))
            {
                return bytes.Length - start >= RawHttpMessage.MaxHeadSize ? RawHttpError.HeadTooLarge : RawHttpError.HeadIncomplete;
            }

            bool folded = line is [(byte)' ' or (byte)'\t', ..];
            if (folded && value is null)
            {
                return RawHttpError.InvalidField;
            }

            if (!folded && value is not null)
            {
                fields.Add(new RawHttpField(name, value.ToString().Trim(' ', '\t')));
                value = null;
            }

            if (line.IsEmpty)
            {
                return RawHttpError.None;
            }

            int colon = folded ? -1 : line.IndexOf((byte)':');
            if (!folded && (colon <= 0 || !IsToken(line[..colon])))
            {
                return RawHttpError.InvalidField;
            }

            ReadOnlySpan<byte> text = line[(colon + 1)..];
            if (HasControl(text))
            {
                return RawHttpError.InvalidFieldValue;
            }

            text = text.Trim(" \t"u8);
            if (folded)
            {
                TrimEnd(value!).Append(' ').Append(Encoding.Latin1.GetString(text));
                continue;
            }

            if (fields.Count == RawHttpMessage.MaxFields)
            {
                return RawHttpError.TooManyFields;
            }

            name = Encoding.Latin1.GetString(line[..colon]);
            value = new StringBuilder(Encoding.Latin1.GetString(text));
        }
    }

    /// <summary>A token (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> text)
    {
        foreach (byte octet in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && !"!#$%&'*+-.^_`|~"u8.Contains(octet))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    public static bool HasControl(ReadOnlySpan<byte> text)
    {
        foreach (byte octet in text)
        {
            if ((octet < ' ' && octet != '\t') || octet == 0x7f)
            {
                return true;
            }
        }

        return false;
    }

    private static StringBuilder TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] is ' ' or '\t')
        {
            text.Length--;
        }

        return text;
    }
}
