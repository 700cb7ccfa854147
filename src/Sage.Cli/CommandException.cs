namespace Sage.Cli;

/// <summary>Ends a command with an exit code and one line that says why.</summary>
internal sealed class CommandException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    public static CommandException Refused(string message) => new(ExitCode.Refused, message);

    public static CommandException Usage(string message) => new(ExitCode.Usage, message);

    public static CommandException InputOutput(string message) => new(ExitCode.InputOutput, message);
}
