namespace Sage.Session;

/// <summary>A session could not be opened, or a request on it was not answered.</summary>
public sealed class SessionException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">A sentence for the reader; never holds a secret or a message.</param>
    /// <param name="innerException">What caused it, or <see langword="null"/>.</param>
    public SessionException(SessionError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The reason.</summary>
    public SessionError Error { get; }

    /// <summary>
    /// Whether the network (or the source that resolves DIDs) failed, as opposed to a peer that answered or a rule that refused.
    /// </summary>
    public bool IsUnreachable => Error == SessionError.Unreachable;
}
