using System.Net;
using System.Net.Http.Headers;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The HTTP binding of SAGE profile P1 §8.3: <c>POST {base}/messages</c>. It follows no redirect, uses no proxy and no
/// cookies, decompresses nothing and connects only where its <see cref="EndpointPolicy"/> allows. Safe from any thread.
/// </summary>
public sealed class HttpSessionTransport : ISessionTransport, IDisposable
{
    /// <summary>The largest answer that is read: 4 MiB.</summary>
    public const int MaxResponseSize = 4 * 1024 * 1024;

    // A record's endpoint may move; a pooled connection must not outlive its name for long.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    // A connection is attempted on its own; without a limit it would go on after the request was given up.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker client;
    private readonly EndpointPolicy policy;

    /// <summary>Makes a transport with its own connections.</summary>
    /// <param name="policy">Where it may connect; <see cref="EndpointPolicy.Public"/> if not given.</param>
    public HttpSessionTransport(EndpointPolicy? policy = null)
    {
        this.policy = policy ?? EndpointPolicy.Public;
        client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                UseProxy = false,
                PooledConnectionLifetime = ConnectionLifetime,
                ConnectTimeout = ConnectLimit,
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = 0,
                ConnectCallback = new PolicyConnector(this.policy).ConnectAsync,
            },
            disposeHandler: true);
    }

    /// <inheritdoc/>
    public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        ArgumentNullException.ThrowIfNull(message);
        if (!policy.Allows(baseUrl))
        {
            throw Refused();
        }

        using HttpRequestMessage request = CreateRequest(baseUrl, message);
        byte[] body;
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Invalid($"The peer answered with status {(int)response.StatusCode} instead of 200.");
            }

            body = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception is EndpointRefusedException || exception.InnerException is EndpointRefusedException)
        {
            throw Refused();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new SessionException(SessionError.Unreachable, "The peer could not be reached, or broke off its answer.", exception);
        }

        if (!WireResponse.TryParse(body, out WireResponse? answer))
        {
            throw Invalid("The peer's answer is not a well-formed response.");
        }

        return answer.MessageId is null || answer.MessageId == message.Id
            ? answer
            : throw Invalid("The peer's answer is for another message.");
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => client.Dispose();

    private static HttpRequestMessage CreateRequest(Uri baseUrl, WireMessage message)
    {
        ByteArrayContent content = new(message.ToJson());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/messages")) { Content = content };
        SageHeaders.Write(request.Headers, message);
        return request;
    }

    private static async ValueTask<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // Content-Length is only a claim: what arrives is what is counted.
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using MemoryStream body = new();
        byte[] chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxResponseSize)
            {
                throw Invalid("The peer's answer is larger than 4 MiB.");
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    private static SessionException Refused() => new(SessionError.EndpointRefused, EndpointRefusedException.Text);

    private static SessionException Invalid(string message) => new(SessionError.InvalidResponse, message);
}
