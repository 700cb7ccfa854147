namespace Sage.Cli;

/// <summary>The entry point of the command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args, Terminal.OfProcess());
}
