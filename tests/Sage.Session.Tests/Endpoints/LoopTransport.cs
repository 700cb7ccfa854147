namespace Sage.Session.Tests.Endpoints;

/// <summary>A transport that hands envelopes to a listener in this process, through their JSON, and lets a test step in between.</summary>
internal sealed class LoopTransport(SessionListener listener, SessionHandler handler) : ISessionTransport
{
    /// <summary>The envelopes that were sent.</summary>
    public List<WireMessage> Sent { get; } = [];

    public string RemoteAddress { get; set; } = "192.0.2.1";

    /// <summary>Changes the answer on its way back.</summary>
    public Func<WireMessage, WireResponse, WireResponse>? OnAnswer { get; set; }

    /// <summary>Runs before an envelope is delivered.</summary>
    public Func<WireMessage, CancellationToken, Task>? OnSend { get; set; }

    public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
    {
        lock (Sent)
        {
            Sent.Add(message);
        }

        if (OnSend is { } onSend)
        {
            await onSend(message, cancellationToken);
        }

        WireResponse answer = await listener.HandleAsync(new SessionRequest(message.ToJson(), RemoteAddress), handler, cancellationToken);
        Assert.That(WireResponse.TryParse(answer.ToJson(), out WireResponse? parsed), Is.True);
        return OnAnswer?.Invoke(message, parsed!) ?? parsed!;
    }
}
