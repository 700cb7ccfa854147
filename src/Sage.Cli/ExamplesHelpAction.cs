using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sage.Cli;

/// <summary>The usual help, then the examples of the command and, at the top, what the exit codes mean.</summary>
internal sealed class ExamplesHelpAction(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case CliCommand { Examples.Count: > 0 } command:
                output.WriteLine("Examples:");
                foreach (string example in command.Examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
                break;
            case RootCommand:
                output.WriteLine("The passphrase of an agent's keys comes from SAGE_PASSPHRASE or --passphrase-file, never from an argument.");
                output.WriteLine();
                output.WriteLine("Exit codes:");
                output.WriteLine("  0  done");
                output.WriteLine("  1  refused: a bad signature, a wrong passphrase, a damaged file, an unknown DID, a peer's no");
                output.WriteLine("  2  the command line is wrong");
                output.WriteLine("  3  something could not be read, written or reached");
                output.WriteLine();
                break;
        }

        return (int)ExitCode.Done;
    }
}
