namespace Sage.Did.Ethereum;

/// <summary>A node gave no result. The message holds no parameters and nothing of the node's address beyond its host.</summary>
public sealed class EthereumRpcException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="message">A sentence for the reader.</param>
    /// <param name="innerException">What caused it, or <see langword="null"/>.</param>
    public EthereumRpcException(EthereumRpcError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Makes an exception from the error object of an answer.</summary>
    /// <param name="code">The member <c>code</c>.</param>
    /// <param name="nodeMessage">The member <c>message</c>, already bounded and free of control characters.</param>
    /// <param name="errorData">The bytes that the member <c>data</c> holds, empty if none.</param>
    internal EthereumRpcException(int code, string nodeMessage, ReadOnlyMemory<byte> errorData)
        : base($"The node answered with error {code}: {nodeMessage}")
    {
        Error = EthereumRpcError.Node;
        Code = code;
        NodeMessage = nodeMessage;
        ErrorData = errorData;
    }

    /// <summary>The reason.</summary>
    public EthereumRpcError Error { get; }

    /// <summary>The node's error code, exactly when <see cref="Error"/> is <see cref="EthereumRpcError.Node"/>; 3 is a revert for most nodes.</summary>
    public int? Code { get; }

    /// <summary>What the node said: at most 256 characters, control characters replaced. Empty when no node said anything.</summary>
    public string NodeMessage { get; } = "";

    /// <summary>The data of the node's error, for a revert what the contract gave back: at most 64 KiB, empty if none.</summary>
    public ReadOnlyMemory<byte> ErrorData { get; }

    /// <summary>The HTTP status, when <see cref="Error"/> is <see cref="EthereumRpcError.Status"/>.</summary>
    public int? HttpStatus { get; internal init; }

    /// <summary>How long the node asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed a little later: the network, a timeout, or a status that asks for patience (408, 429 and 5xx but 501).</summary>
    public bool IsTransient => Error is EthereumRpcError.Unreachable or EthereumRpcError.Timeout
        || HttpStatus is 408 or 429 or 500 or (> 501 and < 600);
}
