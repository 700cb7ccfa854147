namespace Sage.Hosting;

/// <summary>A secret cannot be had. The message names the place and what to do, and holds nothing secret.</summary>
public sealed class SecretException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What is wrong and what to do, without anything secret.</param>
    /// <param name="innerException">What happened before, if that holds nothing secret either.</param>
    public SecretException(SecretError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why.</summary>
    public SecretError Error { get; }
}
