namespace Sage.Did;

/// <summary>A source of DIDs cannot be reached or read, so nothing is known about the identity.</summary>
public sealed class DidResolutionException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">A sentence for the reader.</param>
    /// <param name="innerException">What caused it, or <see langword="null"/>.</param>
    public DidResolutionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
