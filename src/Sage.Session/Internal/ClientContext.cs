using Microsoft.Extensions.Logging;

namespace Sage.Session;

/// <summary>What a client and its sessions share.</summary>
internal sealed record ClientContext(
    LocalAgent Self,
    PeerLookup Peers,
    ISessionTransport Transport,
    SessionOptions Options,
    TimeProvider TimeProvider,
    SessionInstruments Instruments,
    ILogger Logger);
