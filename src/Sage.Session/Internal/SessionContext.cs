using Microsoft.Extensions.Logging;

namespace Sage.Session;

/// <summary>What every part of a client or of a listener needs. Not a record: those print what they hold, and this holds keys.</summary>
internal sealed class SessionContext(
    LocalAgent self,
    PeerLookup peers,
    AgentSessionOptions options,
    TimeProvider timeProvider,
    SessionInstruments instruments,
    ILogger logger)
{
    public LocalAgent Self { get; } = self;

    public PeerLookup Peers { get; } = peers;

    public AgentSessionOptions Options { get; } = options;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public SessionInstruments Instruments { get; } = instruments;

    public ILogger Logger { get; } = logger;
}
