namespace Sage.Hosting;

/// <summary>Which URLs may carry what must not be seen or changed on the way.</summary>
internal static class UrlRules
{
    /// <summary>Whether a URL is https, or http on this machine.</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);
}
