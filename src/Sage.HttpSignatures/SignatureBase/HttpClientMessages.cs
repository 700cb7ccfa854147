using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Reads messages of <see cref="HttpClient"/> the way its handler puts them on the wire.</summary>
internal static class HttpClientMessages
{
    public static SignatureContext Describe(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new InvalidOperationException("A request needs an absolute URI to be signed; set the BaseAddress of the client or the whole URI.");
        }

        // PathAndQuery is the very text that the handler writes; asking for a decoded path would sign something else.
        HttpContent? content = request.Content;
        return SignatureContext.ForRequest(
            request.Method.Method,
            uri.Scheme,
            Host(request, uri),
            uri.PathAndQuery,
            name => RequestLines(request, uri, name),
            Presence(content),
            content is null ? null : (limit, cancellationToken) => ReadAsync(content, limit, cancellationToken),
            Encoding.Latin1);
    }

    public static SignatureContext Describe(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        HttpContent content = response.Content;
        HttpResponseHeaders trailers = response.TrailingHeaders;
        return SignatureContext.ForResponse(
            (int)response.StatusCode,
            name => ReceivedLines(response.Headers, content.Headers, name),
            response.RequestMessage is { } sent ? Describe(sent) : null,
            HasNoBody(response) ? BodyPresence.None : Presence(content),
            (limit, cancellationToken) => ReadAsync(content, limit, cancellationToken),
            Encoding.Latin1,
            name => trailers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? Received(values) : StringValues.Empty);
    }

    public static string Host(HttpRequestMessage request, Uri uri)
    {
        if (request.Headers.Host is { } host)
        {
            return host;
        }

        // The brackets of an IPv6 literal belong to the authority.
        string name = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{uri.Port}");
    }

    // The answer to HEAD, and a 204 or 304, has none whatever its fields say (RFC 9110 §6.4.1).
    private static bool HasNoBody(HttpResponseMessage response) =>
        (int)response.StatusCode is 204 or 304 || response.RequestMessage?.Method == HttpMethod.Head;

    private static BodyPresence Presence(HttpContent? content) => content?.Headers.ContentLength switch
    {
        0 => BodyPresence.None,
        null => content is null ? BodyPresence.None : BodyPresence.Unknown,
        _ => BodyPresence.Present,
    };

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        try
        {
            await content.LoadIntoBufferAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return null;
        }

        byte[] body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return body.Length > limit ? (ReadOnlyMemory<byte>?)null : body;
    }

    private static StringValues RequestLines(HttpRequestMessage request, Uri uri, string name)
    {
        // The handler joins several values of one name into one line, which is what ToString gives.
        if (request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
            || (request.Content is { } content && content.Headers.NonValidated.TryGetValues(name, out values)))
        {
            return values.ToString();
        }

        // Fields that the handler adds by itself.
        return name switch
        {
            "host" => Host(request, uri),
            "content-length" when request.Content?.Headers.ContentLength is { } length => length.ToString(CultureInfo.InvariantCulture),
            _ => StringValues.Empty,
        };
    }

    private static StringValues ReceivedLines(HttpHeaders message, HttpHeaders content, string name) =>
        message.NonValidated.TryGetValues(name, out HeaderStringValues values) || content.NonValidated.TryGetValues(name, out values)
            ? Received(values)
            : StringValues.Empty;

    private static StringValues Received(HeaderStringValues values) => values.Count == 1 ? values.ToString() : values.ToArray();
}
