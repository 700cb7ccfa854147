using Microsoft.Extensions.Logging;

namespace Sage.Session;

/// <summary>What a client and its sessions share. Not a record: those print what they hold, and this holds keys.</summary>
internal sealed class ClientContext(
    LocalAgent self,
    PeerLookup peers,
    ISessionTransport transport,
    AgentSessionOptions options,
    TimeProvider timeProvider,
    SessionInstruments instruments,
    ILogger logger)
{
    public LocalAgent Self { get; } = self;

    public PeerLookup Peers { get; } = peers;

    public ISessionTransport Transport { get; } = transport;

    public AgentSessionOptions Options { get; } = options;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public SessionInstruments Instruments { get; } = instruments;

    public ILogger Logger { get; } = logger;
}
