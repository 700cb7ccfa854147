using Microsoft.Extensions.Logging;
using Sage.Did;

namespace Sage.Session;

/// <summary>The log of this package: event ids 3000 to 3999. No entry holds a key, a message or the text of an application's exception.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Debug, "Refused an envelope from {RemoteAddress}: {Reason}")]
    public static partial void Refused(ILogger logger, string remoteAddress, string reason);

    [LoggerMessage(3001, LogLevel.Debug, "Asked {RemoteAddress} for a cookie")]
    public static partial void CookieDemanded(ILogger logger, string remoteAddress);

    [LoggerMessage(3002, LogLevel.Debug, "Opened a session with {Peer}")]
    public static partial void SessionOpened(ILogger logger, AgentDid peer);

    [LoggerMessage(3003, LogLevel.Debug, "A session with {Peer} ended: {Reason}")]
    public static partial void SessionEnded(ILogger logger, AgentDid peer, SessionEndReason reason);

    [LoggerMessage(3004, LogLevel.Warning, "The key of {Peer} is no longer usable; its session was closed")]
    public static partial void PeerKeyRevoked(ILogger logger, AgentDid peer);

    [LoggerMessage(3005, LogLevel.Warning, "No room for a session with {Peer}")]
    public static partial void Full(ILogger logger, AgentDid peer);

    [LoggerMessage(3006, LogLevel.Error, "The replay store failed; handshakes are refused")]
    public static partial void NonceStoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Error, "The resolver failed; the envelope was refused")]
    public static partial void ResolverFailed(ILogger logger, Exception exception);

    [LoggerMessage(3008, LogLevel.Error, "The accept rule failed; the peer was refused: {ExceptionType} {StackTrace}")]
    public static partial void AcceptRuleFailed(ILogger logger, Type exceptionType, string? stackTrace);

    // An application's exception may quote the message it was given, so its text stays out of the log.
    [LoggerMessage(3009, LogLevel.Error, "The session handler failed: {ExceptionType} {StackTrace}")]
    public static partial void HandlerFailed(ILogger logger, Type exceptionType, string? stackTrace);

    [LoggerMessage(3010, LogLevel.Error, "The session handler's reply of {Size} bytes is larger than a session message may be")]
    public static partial void ReplyTooLarge(ILogger logger, int size);

    [LoggerMessage(3011, LogLevel.Error, "An envelope could not be handled: {ExceptionType} {StackTrace}")]
    public static partial void Failed(ILogger logger, Type exceptionType, string? stackTrace);

    [LoggerMessage(3012, LogLevel.Debug, "The handshake response for {Peer} was rejected: {Error}")]
    public static partial void HandshakeRejected(ILogger logger, AgentDid peer, HandshakeError error);

    [LoggerMessage(3013, LogLevel.Error, "This agent's signer failed; no session was opened")]
    public static partial void SignerFailed(ILogger logger, Exception exception);

    [LoggerMessage(3014, LogLevel.Error, "The session store or its key failed; what depends on it is refused")]
    public static partial void SessionStoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(3015, LogLevel.Error, "A stored session with {Peer} was not encrypted for this place by a key that is known; it is refused")]
    public static partial void StateRejected(ILogger logger, AgentDid peer);

    [LoggerMessage(3016, LogLevel.Error, "The session store went back from version {Known} to {Stored} of a session with {Peer}; it is refused")]
    public static partial void StateRolledBack(ILogger logger, AgentDid peer, long stored, long known);

    [LoggerMessage(3017, LogLevel.Error, "The keys of the session store cannot be read again; the ones that are known stay in use")]
    public static partial void StateKeysFailed(ILogger logger, Exception exception);
}
