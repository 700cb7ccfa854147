using System.CommandLine;

namespace Sage.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines to copy, in the order a newcomer would need them.</summary>
    public IReadOnlyList<string> Examples { get; set; } = [];

    /// <summary>Sets what the command does; it throws where it does not succeed.</summary>
    public void Run(Func<ParseResult, CancellationToken, Task> run) => SetAction(async (parsed, cancellationToken) =>
    {
        await run(parsed, cancellationToken);
        return (int)ExitCode.Done;
    });

    /// <summary>Sets what a command without input or output of its own does.</summary>
    public void Run(Action<ParseResult> run) => SetAction(parsed =>
    {
        run(parsed);
        return (int)ExitCode.Done;
    });
}
