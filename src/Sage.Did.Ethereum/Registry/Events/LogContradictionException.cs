namespace Sage.Did.Ethereum;

/// <summary>The logs of an agent cannot all be there: one is missing, or one is wrong.</summary>
internal sealed class LogContradictionException : Exception
{
    public LogContradictionException(UInt256 agentId, string reason)
        : base($"The logs of agent {agentId} contradict each other: {reason}.")
    {
    }

    public LogContradictionException(string message)
        : base(message)
    {
    }
}
