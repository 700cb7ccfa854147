using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary>Which exit code the documented exceptions of the libraries stand for.</summary>
internal static class Failure
{
    /// <summary>False for an exception that is a defect of this program: it is not dressed up as an answer.</summary>
    public static bool TryExplain(Exception failure, out ExitCode exitCode)
    {
        ExitCode? found = failure switch
        {
            KeyStoreException { Error: KeyStoreError.NotFound or KeyStoreError.Busy } => ExitCode.InputOutput,
            KeyStoreException => ExitCode.Refused,
            DidResolutionException { InnerException: not (IOException or UnauthorizedAccessException) } => ExitCode.Refused,
            DidResolutionException => ExitCode.InputOutput,
            SessionException { Error: SessionError.Unreachable } => ExitCode.InputOutput,
            SessionException => ExitCode.Refused,
            IOException or UnauthorizedAccessException => ExitCode.InputOutput,
            OperationCanceledException => ExitCode.Refused,
            _ => null,
        };
        exitCode = found ?? ExitCode.Refused;
        return found is not null;
    }
}
