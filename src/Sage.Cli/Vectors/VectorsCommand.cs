namespace Sage.Cli;

/// <summary><c>sage vectors</c>.</summary>
internal static class VectorsCommand
{
    public static CliCommand Create(Terminal terminal) => new("vectors", "Check this build against published test vectors.")
    {
        VectorsCheckCommand.Create(terminal),
    };
}
