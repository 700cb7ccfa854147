using System.Net;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures;

/// <summary>Fetches one small document from a URL that a stranger named.</summary>
internal sealed class DocumentFetcher(HttpMessageInvoker client, EndpointPolicy policy, ILogger logger)
{
    private const int MaxETagLength = 256;

    /// <summary>An invoker that connects where the policy allows and nowhere else: no redirect, no proxy, no cookies.</summary>
    public static HttpMessageInvoker Connect(EndpointPolicy policy, TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // Not Brotli: broken data makes its stream throw what only programming errors should.
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectTimeout = timeout,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            ConnectCallback = new PolicyConnector(policy).ConnectAsync,
        },
        disposeHandler: true);

    /// <summary>Asks once. Whatever a server or network can do wrong is a failure and no exception; only a cancellation is one.</summary>
    public async Task<FetchedDocument> GetAsync(Uri url, AcceptedMedia accepted, string? etag, CancellationToken cancellationToken)
    {
        if (!policy.Allows(url))
        {
            return Failed(url, KeyDirectoryStatus.Refused, "the URL is not allowed");
        }

        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accepted.Header);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(url, accepted, etag is not null, response, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e is EndpointRefusedException || e.InnerException is EndpointRefusedException)
        {
            return Failed(url, KeyDirectoryStatus.Refused, "the address is not allowed");
        }
        catch (InvalidDataException)
        {
            return Failed(url, KeyDirectoryStatus.Invalid, "the compression is broken");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed(url, KeyDirectoryStatus.Unreachable, "the connection failed");
        }
    }

    private async Task<FetchedDocument> ReadAsync(Uri url, AcceptedMedia accepted, bool isConditional, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.RequestMessage is { RequestUri: { } answered } && answered != url)
        {
            return Failed(url, KeyDirectoryStatus.Invalid, "the answer is from another URL");
        }

        CacheRules? rules = CacheRules.Of(response);
        bool mayBeStored = response.Headers.CacheControl is not { NoStore: true };
        string? etag = mayBeStored && response.Headers.ETag?.ToString() is { Length: <= MaxETagLength } tag ? tag : null;
        if (response.StatusCode == HttpStatusCode.NotModified && isConditional)
        {
            return new FetchedDocument(null, default, IsNotModified: true, rules, etag);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            bool mayPass = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
            return Failed(url, mayPass ? KeyDirectoryStatus.Unreachable : KeyDirectoryStatus.Invalid, "the status is not 200");
        }

        // What is left of Content-Encoding is what the handler did not decode.
        if (!accepted.Includes(response.Content.Headers.ContentType) || response.Content.Headers.ContentEncoding.Count > 0)
        {
            return Failed(url, KeyDirectoryStatus.Invalid, "the media type is another");
        }

        return await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false) is { } body
            ? new FetchedDocument(null, body, IsNotModified: false, rules, etag)
            : Failed(url, KeyDirectoryStatus.Invalid, "the document is too large");
    }

    // Content-Length is only a claim, and says nothing about what comes out of a decompression: what arrives is what is counted.
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] body = new byte[KeyDirectory.MaxSize + 1];
        int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= KeyDirectory.MaxSize ? body.AsMemory(0, length) : (ReadOnlyMemory<byte>?)null;
    }

    private FetchedDocument Failed(Uri url, KeyDirectoryStatus status, string reason)
    {
        Log.DocumentFailed(logger, url, status, reason);
        return FetchedDocument.Failed(status);
    }
}
