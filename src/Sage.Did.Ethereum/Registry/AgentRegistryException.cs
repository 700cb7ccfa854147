namespace Sage.Did.Ethereum;

/// <summary>A registry refuses a write; nothing changed.</summary>
public sealed class AgentRegistryException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">A sentence for the reader.</param>
    /// <param name="innerException">What caused it, or <see langword="null"/>.</param>
    public AgentRegistryException(AgentRegistryError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The reason.</summary>
    public AgentRegistryError Error { get; }
}
