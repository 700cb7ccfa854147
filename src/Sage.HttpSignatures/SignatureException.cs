using System.Net;

namespace Sage.HttpSignatures;

/// <summary>A request that could not be signed, and so was not sent, or a response whose signature does not count.</summary>
public sealed class SignatureException : HttpRequestException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">The message for the developer.</param>
    public SignatureException(SignatureError error, string message)
        : base(message) => Error = error;

    internal SignatureException(SignatureError error, string message, HttpStatusCode status)
        : base(message, null, status) => Error = error;

    /// <summary>The reason.</summary>
    public SignatureError Error { get; }
}
