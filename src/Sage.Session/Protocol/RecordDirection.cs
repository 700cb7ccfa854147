namespace Sage.Session;

/// <summary>Which way records travel; the name enters the key derivation (SAGE profile P1 §5.2).</summary>
internal enum RecordDirection
{
    /// <summary>From the initiator: <c>c2s</c>.</summary>
    FromInitiator,

    /// <summary>From the responder: <c>s2c</c>.</summary>
    FromResponder,

    /// <summary>Both ways under one key: <c>single</c>. Not used by handshake sessions.</summary>
    Shared,
}
