using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sage.HttpSignatures;

/// <summary>URLs that a stranger names. The framework reads URLs generously, so what may stand in one is checked on the text first.</summary>
internal static class AgentUrl
{
    public const int MaxLength = 2048;

    private const string Separator = "://";

    // RFC 3986 §2, without the number sign: no fragment.
    private static readonly SearchValues<char> UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    /// <summary>Reads an https (or http) URL without user information and fragment.</summary>
    public static bool TryParse(string text, bool allowHttp, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return text.Length <= MaxLength
            && !text.AsSpan().ContainsAnyExcept(UrlCharacters)
            && TryGetAuthority(text, out ReadOnlySpan<char> authority)
            && !authority.IsEmpty
            && !authority.ContainsAnyExcept(HostCharacters)
            && Uri.TryCreate(text, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttps || (allowHttp && url.Scheme == Uri.UriSchemeHttp))
            && url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            && url.IsWellFormedOriginalString();
    }

    /// <summary>Reads an ASCII origin (RFC 6454 §6.2): a scheme, a host and perhaps a port.</summary>
    public static bool TryParseOrigin(string text, bool allowHttp, [NotNullWhen(true)] out Uri? origin) =>
        TryParse(text, allowHttp, out origin)
        && TryGetAuthority(text, out ReadOnlySpan<char> authority)
        && text.AsSpan().EndsWith(authority, StringComparison.Ordinal)
        && text.Length == text.IndexOf(Separator, StringComparison.Ordinal) + Separator.Length + authority.Length;

    /// <summary>The URL without query and fragment, normalised (RFC 3986 §6.2.2, §6.2.3).</summary>
    public static string Normalize(Uri url)
    {
        // The framework does all of it but one thing: the case of the escapes that remain.
        string text = url.GetLeftPart(UriPartial.Path);
        return text.Contains('%')
            ? string.Create(text.Length, text, static (upper, source) =>
            {
                source.CopyTo(upper);
                for (int escape = source.IndexOf('%'); escape >= 0; escape = source.IndexOf('%', escape + 1))
                {
                    upper[escape + 1] = char.ToUpperInvariant(upper[escape + 1]);
                    upper[escape + 2] = char.ToUpperInvariant(upper[escape + 2]);
                }
            })
            : text;
    }

    private static bool TryGetAuthority(string text, out ReadOnlySpan<char> authority)
    {
        int start = text.IndexOf(Separator, StringComparison.Ordinal);
        authority = start < 0 ? default : text.AsSpan(start + Separator.Length);
        int end = authority.IndexOfAny('/', '?');
        authority = end < 0 ? authority : authority[..end];
        return start >= 0;
    }
}
