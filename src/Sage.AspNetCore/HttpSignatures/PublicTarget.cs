using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sage.AspNetCore;

/// <summary>The target of a request as its client knows it: what RFC 9421 §2.2 calls scheme, authority and request target.</summary>
internal readonly record struct PublicTarget(string Scheme, string Authority, string RequestTarget)
{
    /// <summary>
    /// Reads it from the request. Forwarded fields are never read here: the middleware for them has checked who sent them
    /// and put what it believes into scheme, host and path base.
    /// </summary>
    public static PublicTarget Of(HttpContext context, Uri? publicOrigin)
    {
        HttpRequest request = context.Request;

        // The path that routing sees is decoded and cleaned; what was signed is the target as sent.
        string raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } sent ? sent : request.PathBase + request.Path + request.QueryString;
        if (publicOrigin is not null)
        {
            return new PublicTarget(publicOrigin.Scheme, publicOrigin.Authority, Prefixed(publicOrigin.AbsolutePath.TrimEnd('/'), raw));
        }

        // Not request.Host, which translates internationalized names and throws at malformed ones.
        return new PublicTarget(request.Scheme, request.Headers.Host.ToString(), Prefixed(RemovedPrefix(request, raw), raw));
    }

    private static string Prefixed(string prefix, string raw)
    {
        if (prefix.Length == 0)
        {
            return raw;
        }

        ReadOnlySpan<char> origin = OriginForm(raw);
        return origin is ['/', ..] ? string.Concat(prefix, origin) : raw;
    }

    /// <summary>
    /// The part of the path base that is not in the request target because a proxy took it away, and told of it. What
    /// <c>UsePathBase</c> and <c>Map</c> moved from the path to the path base is in the target.
    /// </summary>
    private static string RemovedPrefix(HttpRequest request, string raw)
    {
        if (!request.PathBase.HasValue)
        {
            return "";
        }

        ReadOnlySpan<char> origin = OriginForm(raw);
        int end = origin.IndexOf('?');
        string sent = (end < 0 ? origin : origin[..end]).ToString();
        string path = sent.StartsWith('/') ? PathString.FromUriComponent(sent).Value! : "";
        string whole = request.PathBase.Value + request.Path.Value;
        if (path.Length > 0 && whole.EndsWith(path, StringComparison.Ordinal))
        {
            return new PathString(whole[..^path.Length]).ToUriComponent();
        }

        // The path was cleaned of dot segments or rewritten.
        return new PathString(path).StartsWithSegments(request.PathBase, StringComparison.OrdinalIgnoreCase) ? "" : request.PathBase.ToUriComponent();
    }

    /// <summary>The target without scheme and authority (RFC 9112 §3.2).</summary>
    private static ReadOnlySpan<char> OriginForm(string raw)
    {
        int authority = raw.StartsWith('/') ? -1 : raw.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return raw;
        }

        ReadOnlySpan<char> rest = raw.AsSpan(authority + 3);
        int path = rest.IndexOf('/');
        return path < 0 ? "/" : rest[path..];
    }
}
