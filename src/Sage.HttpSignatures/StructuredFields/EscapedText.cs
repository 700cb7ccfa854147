namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The backslash escapes of strings (RFC 9651 §3.3.3), between the quotes.</summary>
internal static class EscapedText
{
    /// <summary>Decodes what the grammar has accepted.</summary>
    public static string Decode(ReadOnlySpan<char> escaped)
    {
        if (!escaped.Contains('\\'))
        {
            return escaped.ToString();
        }

        using GrowingBuffer<char> decoded = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        for (int i = 0; i < escaped.Length; i++)
        {
            i += escaped[i] == '\\' ? 1 : 0;
            decoded.Add(escaped[i]);
        }

        return decoded.Written.ToString();
    }

    /// <summary>Whether accepted text stands for a content, compared character for character.</summary>
    public static bool Equals(ReadOnlySpan<char> escaped, ReadOnlySpan<char> content)
    {
        int at = 0;
        foreach (char character in content)
        {
            at += at < escaped.Length && escaped[at] == '\\' ? 1 : 0;
            if (at >= escaped.Length || escaped[at++] != character)
            {
                return false;
            }
        }

        return at == escaped.Length;
    }
}
