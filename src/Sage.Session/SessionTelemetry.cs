namespace Sage.Session;

/// <summary>
/// The names of what this package measures and traces (<c>docs/telemetry.md</c>). Pass the first two to
/// <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry. No instrument carries a DID, a key id or a session id.
/// </summary>
public static class SessionTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.Session";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sage.Session";

    /// <summary>Histogram, seconds: how long handshakes took.</summary>
    public const string HandshakeDuration = "sage.session.handshake.duration";

    /// <summary>UpDownCounter, sessions: how many are open.</summary>
    public const string Active = "sage.session.active";

    /// <summary>Histogram, seconds: how long sessions lived.</summary>
    public const string Duration = "sage.session.duration";

    /// <summary>Counter, messages: sent and received.</summary>
    public const string Messages = "sage.session.messages";

    /// <summary>Histogram, bytes: the size of messages before encryption.</summary>
    public const string MessageSize = "sage.session.message.size";

    /// <summary>Counter, rekeys: changes of a record key, in either direction.</summary>
    public const string Rekeys = "sage.session.rekeys";

    /// <summary>Histogram, seconds: how long the session store took to answer.</summary>
    public const string StoreDuration = "sage.session.store.duration";

    /// <summary>Attribute: <c>add</c>, <c>find</c>, <c>update</c>, <c>remove</c>, <c>find_by_peer</c> or <c>remove_expired</c>.</summary>
    public const string StoreOperationAttribute = "sage.session.store.operation";

    /// <summary>Attribute: <c>initiator</c> or <c>responder</c>.</summary>
    public const string RoleAttribute = "sage.session.role";

    /// <summary>Attribute: <c>sent</c> or <c>received</c>.</summary>
    public const string DirectionAttribute = "sage.session.message.direction";

    /// <summary>Attribute: <c>closed</c>, <c>expired</c>, <c>revoked</c> or <c>error</c>.</summary>
    public const string EndReasonAttribute = "sage.session.end_reason";

    /// <summary>Attribute, on failure only: what went wrong, from a closed set.</summary>
    public const string ErrorTypeAttribute = "error.type";

    /// <summary>Attribute of spans only, after verification: the DID of the peer.</summary>
    public const string PeerDidAttribute = "sage.peer.did";

    /// <summary>Span (client): a handshake, from resolving the peer to the session.</summary>
    public const string HandshakeInitiatorSpan = "handshake initiator";

    /// <summary>Span (server): a handshake, from the envelope to the answer.</summary>
    public const string HandshakeResponderSpan = "handshake responder";

    /// <summary>Span (client): a message and its reply.</summary>
    public const string RequestSpan = "request session";

    /// <summary>Span (server): a record, its handler and the reply.</summary>
    public const string ProcessSpan = "process session";
}
