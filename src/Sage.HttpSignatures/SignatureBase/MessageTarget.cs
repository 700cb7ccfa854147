namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The parts of a request target as text, never decoded (RFC 9112 §3.2, RFC 9421 §2.2).</summary>
internal static class MessageTarget
{
    /// <summary>ASCII letters only: were others lowered, a Kelvin sign would become the letter k and so another name.</summary>
    public static string Lower(string text) => !text.AsSpan().ContainsAnyInRange('A', 'Z') ? text : string.Create(text.Length, text, static (lower, original) =>
    {
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = char.IsAsciiLetterUpper(original[i]) ? (char)(original[i] | 0x20) : original[i];
        }
    });

    /// <summary>Lower case, and without the port that the scheme implies (RFC 9421 §2.2.3).</summary>
    public static string NormalizeAuthority(string authority, string scheme)
    {
        string lower = Lower(authority);
        string? defaultPort = scheme switch
        {
            "https" or "wss" => ":443",
            "http" or "ws" => ":80",
            _ => null,
        };
        if (defaultPort is not null && lower.EndsWith(defaultPort, StringComparison.Ordinal))
        {
            return lower[..^defaultPort.Length];
        }

        // "host:" names the default port too (RFC 3986 §6.2.3).
        return lower.EndsWith(':') ? lower[..^1] : lower;
    }

    /// <summary>Whether the target begins with a scheme (absolute form).</summary>
    public static bool IsAbsolute(ReadOnlySpan<char> target) => target.Length > 0 && target[0] is not '/' and not '*' && target.Contains("://", StringComparison.Ordinal);

    /// <summary>The authority of an absolute target.</summary>
    public static ReadOnlySpan<char> AuthorityOf(ReadOnlySpan<char> target)
    {
        ReadOnlySpan<char> rest = target[(target.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>The path; a slash when it is empty.</summary>
    public static ReadOnlySpan<char> Path(ReadOnlySpan<char> target)
    {
        ReadOnlySpan<char> rest = PathAndQuery(target);
        int end = rest.IndexOf('?');
        ReadOnlySpan<char> path = end < 0 ? rest : rest[..end];
        return path.IsEmpty ? "/" : path;
    }

    /// <summary>The query without its question mark; false when there is none.</summary>
    public static bool TryGetQuery(ReadOnlySpan<char> target, out ReadOnlySpan<char> query)
    {
        ReadOnlySpan<char> rest = PathAndQuery(target);
        int start = rest.IndexOf('?');
        query = start < 0 ? default : rest[(start + 1)..];
        return start >= 0;
    }

    /// <summary>Path and query of any form that has them; empty for the asterisk form.</summary>
    private static ReadOnlySpan<char> PathAndQuery(ReadOnlySpan<char> target)
    {
        if (IsAbsolute(target))
        {
            ReadOnlySpan<char> rest = target[(target.IndexOf("://", StringComparison.Ordinal) + 3)..];
            int end = rest.IndexOfAny('/', '?');
            return end < 0 ? default : rest[end..];
        }

        return target is "*" ? default : target;
    }
}
