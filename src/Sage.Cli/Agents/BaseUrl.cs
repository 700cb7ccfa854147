using System.Diagnostics.CodeAnalysis;

namespace Sage.Cli;

/// <summary>The base URL of an agent.</summary>
internal static class BaseUrl
{
    /// <summary>True for an absolute http or https URL without user information, query and fragment.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { UserInfo: "", Query: "", Fragment: "" };
}
