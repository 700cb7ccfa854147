using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using Sage.Hosting;
using Sage.Session;

namespace Sage.AgentHost;

/// <summary>
/// Posts what an agent said to the application behind this host, with the agent's DID in the header <c>Sage-Peer</c>, and gives back what
/// that answers. Without one the host answers what it was sent. Safe from any thread.
/// </summary>
internal sealed class SessionApplication : IDisposable
{
    public const string PeerHeader = "Sage-Peer";

    private readonly Uri? endpoint;
    private readonly HttpClient client;
    private readonly ILogger logger;

    public SessionApplication(ApplicationOptions options, ILogger<SessionApplication> logger)
    {
        this.logger = logger;
        endpoint = options.Endpoint;
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None };
        client = new HttpClient(handler) { Timeout = options.Timeout, MaxResponseContentBufferSize = AgentSessionOptions.MaxMessageSize };
    }

    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(SessionMessage message, CancellationToken cancellationToken)
    {
        if (endpoint is null)
        {
            return message.Content;
        }

        using HttpRequestMessage request = new(HttpMethod.Post, endpoint) { Content = new ReadOnlyMemoryContent(message.Content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Octet);
        request.Headers.Add(PeerHeader, message.Peer.Value);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new HttpRequestException($"It answered {(int)response.StatusCode} instead of 200.");
            }

            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.ApplicationFailed(logger, exception is HttpRequestException ? exception.Message : "It did not answer in time.");
            throw;
        }
    }

    public void Dispose() => client.Dispose();
}
