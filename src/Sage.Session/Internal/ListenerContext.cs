using Microsoft.Extensions.Logging;

namespace Sage.Session;

/// <summary>What the two halves of a listener share. Not a record: those print what they hold, and this holds keys.</summary>
internal sealed class ListenerContext(
    LocalAgent self,
    PeerLookup peers,
    SessionTable sessions,
    AgentSessionOptions options,
    TimeProvider timeProvider,
    SessionInstruments instruments,
    ILogger logger)
{
    public LocalAgent Self { get; } = self;

    public PeerLookup Peers { get; } = peers;

    public SessionTable Sessions { get; } = sessions;

    public AgentSessionOptions Options { get; } = options;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public SessionInstruments Instruments { get; } = instruments;

    public ILogger Logger { get; } = logger;
}
