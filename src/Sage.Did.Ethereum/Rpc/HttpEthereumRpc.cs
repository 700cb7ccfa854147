using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did.Ethereum;

/// <summary>
/// A node over HTTP. Reads are tried again when the network or the node is at fault, within bounds; whatever is not known to be
/// a read is sent once. No redirect is followed and no answer over the limit is read. Safe from any thread.
/// </summary>
/// <remarks>The URL is a matter of configuration and must never come from a DID or a document: the node is believed.</remarks>
public sealed class HttpEthereumRpc : IEthereumRpc, IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri endpoint;
    private readonly EthereumRpcOptions options;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly HttpClient client;
    private readonly bool ownsClient;
    private long lastId;

    /// <summary>Makes a client of a node.</summary>
    /// <param name="endpoint">The node's URL: https, or http on this machine. Whatever is secret in it is never logged.</param>
    /// <param name="options">Bounds; read once.</param>
    /// <param name="client">Somebody's connections, with headers to send along (an API key); they should follow no redirect, and are not disposed with this. Its own if not given.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentException">The URL is not one that may be called.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public HttpEthereumRpc(Uri endpoint, EthereumRpcOptions? options = null, HttpClient? client = null, TimeProvider? timeProvider = null, ILogger<HttpEthereumRpc>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= new EthereumRpcOptions();
        options.Validate();
        if (!IsAllowed(endpoint, options.AllowHttp))
        {
            throw new ArgumentException("A node's URL is absolute, https (or http on this machine), without user information and fragment.", nameof(endpoint));
        }

        this.endpoint = endpoint;
        this.options = options.Copy();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<HttpEthereumRpc>.Instance;
        ownsClient = client is null;
        this.client = client ?? Connect(this.options.Timeout);
    }

    /// <inheritdoc/>
    public async ValueTask<JsonElement> SendAsync(EthereumRpcRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        int attempts = request.IsRepeatable ? options.MaxAttempts : 1;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (EthereumRpcException exception) when (exception.IsTransient && attempt < attempts)
            {
                TimeSpan pause = Pause(attempt, exception.RetryAfter);
                Log.Retrying(logger, request.Method, endpoint.Host, exception.Error, exception.HttpStatus, attempt, attempts, pause);
                await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Closes the connections, if they are its own.</summary>
    public void Dispose()
    {
        if (ownsClient)
        {
            client.Dispose();
        }
    }

    private static bool IsAllowed(Uri url, bool allowHttp) => url.IsAbsoluteUri
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (allowHttp || url.IsLoopback)))
        && url.UserInfo.Length == 0
        && url.Fragment.Length == 0;

    private static HttpClient Connect(TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // Not Brotli: broken data makes its stream throw what only programming errors should.
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = timeout,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
        },
        disposeHandler: true)
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    private async Task<JsonElement> AttemptAsync(EthereumRpcRequest request, CancellationToken cancellationToken)
    {
        long id = Interlocked.Increment(ref lastId);
        long start = timeProvider.GetTimestamp();
        using CancellationTokenSource timeout = new(options.Timeout, timeProvider);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage message = new(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(request.ToJson(id)) };
            message.Content.Headers.ContentType = Json;
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

            // Only the headers: HttpClient would otherwise read the body itself, past this limit.
            using HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, giveUp.Token).ConfigureAwait(false);
            ReadOnlyMemory<byte> body = await ReadAsync(response, giveUp.Token).ConfigureAwait(false);
            JsonElement result = Read(request, id, response, body);
            Log.Answered(logger, request.Method, endpoint.Host, body.Length, timeProvider.GetElapsedTime(start).TotalMilliseconds);
            return result;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EthereumRpcException(EthereumRpcError.Timeout, $"The node at {endpoint.Host} did not answer {request.Method} in time.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new EthereumRpcException(EthereumRpcError.InvalidResponse, $"The compression of the answer of {endpoint.Host} is broken.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new EthereumRpcException(EthereumRpcError.Unreachable, $"The node at {endpoint.Host} could not be reached, or broke off its answer.", exception);
        }
    }

    // Content-Length is only a claim, and says nothing about what comes out of a decompression: what arrives is what is counted.
    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using MemoryStream body = new();
        byte[] chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > options.MaxResponseSize)
            {
                throw new EthereumRpcException(EthereumRpcError.TooLarge, $"The answer of {endpoint.Host} is larger than {options.MaxResponseSize} bytes.");
            }

            body.Write(chunk, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private JsonElement Read(EthereumRpcRequest request, long id, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        int status = (int)response.StatusCode;
        TimeSpan? retryAfter = response.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date - timeProvider.GetUtcNow()) : null;
        bool isMoved = response.RequestMessage?.RequestUri is { } answered && answered != endpoint;
        RpcAnswer? answer = isMoved ? null : RpcAnswer.TryRead(body, id, options.MaxResponseSize);

        // Some nodes say what is wrong with a status of 400; a status that asks for patience counts more than what it says.
        EthereumRpcException failed = status == 200
            ? new(EthereumRpcError.InvalidResponse, $"The answer of {endpoint.Host} to {request.Method} is not the JSON-RPC answer to this request.")
            : new(EthereumRpcError.Status, $"The node at {endpoint.Host} answered {request.Method} with status {status}.") { HttpStatus = status, RetryAfter = retryAfter };
        if (answer is null || failed.IsTransient || (status != 200 && answer.Error is null))
        {
            throw failed;
        }

        return answer.Error is { } error ? throw error : answer.Result;
    }

    private TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        TimeSpan grown = options.FirstPause * (1 << (attempt - 1)) * (1 + (RandomNumberGenerator.GetInt32(512) / 1024.0));
        TimeSpan pause = asked > grown ? asked.Value : grown;
        return pause < options.MaxPause ? pause : options.MaxPause;
    }
}
