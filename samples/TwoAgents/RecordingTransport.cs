using Sage.Session;

namespace TwoAgents;

/// <summary>A wire somebody listens to: it passes everything on and remembers the last exchange.</summary>
internal sealed class RecordingTransport(ISessionTransport inner) : ISessionTransport
{
    public int Exchanges { get; private set; }

    public WireMessage? LastMessage { get; private set; }

    public WireResponse? LastResponse { get; private set; }

    public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
    {
        WireResponse response = await inner.SendAsync(baseUrl, message, cancellationToken);
        (Exchanges, LastMessage, LastResponse) = (Exchanges + 1, message, response);
        return response;
    }
}
