namespace Sage.Session;

/// <summary>Answers a message of a session.</summary>
/// <param name="message">The message, from a peer that the accept rule let in.</param>
/// <param name="cancellationToken">Cancelled when the caller is gone.</param>
/// <returns>The reply, at most <see cref="AgentSessionOptions.MaxMessageSize"/> bytes; it is encrypted before the call returns to the peer.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>> SessionHandler(SessionMessage message, CancellationToken cancellationToken);
