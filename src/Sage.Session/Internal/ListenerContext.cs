using Microsoft.Extensions.Logging;

namespace Sage.Session;

/// <summary>What the two halves of a listener share.</summary>
internal sealed record ListenerContext(
    LocalAgent Self,
    PeerLookup Peers,
    SessionTable Sessions,
    SessionOptions Options,
    TimeProvider TimeProvider,
    SessionInstruments Instruments,
    ILogger Logger);
