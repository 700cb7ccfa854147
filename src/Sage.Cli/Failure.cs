using System.Net.Sockets;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.HttpSignatures;
using Sage.Session;

namespace Sage.Cli;

/// <summary>What the exceptions of a command mean to the shell.</summary>
internal static class Failure
{
    public static (ExitCode ExitCode, string Message) Explain(Exception failure) => failure switch
    {
        CommandException known => (known.ExitCode, known.Message),
        KeyStoreException { Error: KeyStoreError.NotFound or KeyStoreError.Busy } => (ExitCode.InputOutput, failure.Message),
        KeyStoreException => (ExitCode.Refused, failure.Message),
        DidResolutionException { InnerException: IOException or UnauthorizedAccessException } => (ExitCode.InputOutput, failure.Message),
        DidResolutionException { InnerException: EthereumRpcException node } => (Explain(node).ExitCode, failure.Message),
        DidResolutionException => (ExitCode.Refused, failure.Message),
        EthereumRpcException { Error: EthereumRpcError.Unreachable or EthereumRpcError.Timeout or EthereumRpcError.Status } => (ExitCode.InputOutput, failure.Message),
        EthereumRpcException or AgentRegistryException => (ExitCode.Refused, failure.Message),
        EthereumTransactionException { Error: EthereumTransactionError.OutcomeUnknown or EthereumTransactionError.TimedOut } => (ExitCode.InputOutput, failure.Message),
        EthereumTransactionException => (ExitCode.Refused, failure.Message),
        SessionException { Error: SessionError.Unreachable } => (ExitCode.InputOutput, failure.Message),
        SessionException => (ExitCode.Refused, failure.Message),
        SignatureException => (ExitCode.Refused, failure.Message),
        HttpRequestException => (ExitCode.InputOutput, failure.Message),
        IOException or UnauthorizedAccessException or SocketException => (ExitCode.InputOutput, failure.Message),
        OperationCanceledException => (ExitCode.Refused, "The command was interrupted."),

        // A defect of this program: said as such, on one line, and never taken for success.
        _ => (ExitCode.Refused, $"Unexpected {failure.GetType().Name}: {failure.Message}"),
    };
}
