namespace Sage.Session;

/// <summary>Why a handshake failed. For logs and metrics only: the peer is never told.</summary>
internal enum HandshakeError
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>Not the object the profile defines: a member missing, unknown, of the wrong type, size or encoding.</summary>
    Malformed,

    /// <summary>Another context than this handshake's, or one that is not allowed.</summary>
    WrongContext,

    /// <summary>From or for another agent than expected.</summary>
    WrongParty,

    /// <summary>Made too long ago, or too far in the future.</summary>
    NotFresh,

    /// <summary>The signature is not the peer's.</summary>
    BadSignature,

    /// <summary>The two sides do not speak of the same handshake: info, export context, hashes or echoed keys differ.</summary>
    TranscriptMismatch,

    /// <summary>A public key gives no secret (a low-order point).</summary>
    InvalidKey,

    /// <summary>The acknowledgement tag is wrong: the peer does not hold the same secrets.</summary>
    NotConfirmed,
}
