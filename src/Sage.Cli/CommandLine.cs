using System.CommandLine;
using System.CommandLine.Help;

namespace Sage.Cli;

/// <summary>The command <c>sage</c>: builds the tree, runs it, and turns every outcome into an exit code.</summary>
internal static class CommandLine
{
    // Long enough for a server to finish what it is answering.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        // Without the replacer an argument that begins with @ is text, not a file to read arguments from.
        ParseResult parsed = Create(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            string problems = string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal));
            return Fail(terminal, ExitCode.Usage, $"{problems} See '{PathOf(parsed)} --help'.");
        }

        try
        {
            InvocationConfiguration configuration = new()
            {
                Output = terminal.Text,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToStop,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception failure)
        {
            (ExitCode exitCode, string message) = Failure.Explain(failure);
            return Fail(terminal, exitCode, message);
        }
    }

    private static RootCommand Create(Terminal terminal)
    {
        RootCommand root = new("Keys, agents, DIDs, registries on a chain, databases, HTTP signatures and conformance vectors of the Secure Agent Guarantee Engine.")
        {
            AgentCommand.Create(terminal),
            DatabaseCommand.Create(terminal),
            DidCommand.Create(terminal),
            HttpCommand.Create(terminal),
            KeysCommand.Create(terminal),
            RegistryCommand.Create(terminal),
            VectorsCommand.Create(terminal),
            VerifyCommand.Create(terminal),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        return root;
    }

    private static string PathOf(ParseResult parsed)
    {
        List<string> names = [];
        for (Symbol? symbol = parsed.CommandResult.Command; symbol is not null and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol.Name);
        }

        return string.Join(' ', ["sage", .. names]);
    }

    private static int Fail(Terminal terminal, ExitCode exitCode, string message)
    {
        terminal.Error.WriteLine("sage: " + string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        return (int)exitCode;
    }
}
