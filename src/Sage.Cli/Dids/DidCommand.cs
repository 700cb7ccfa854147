namespace Sage.Cli;

/// <summary><c>sage did</c>.</summary>
internal static class DidCommand
{
    public static CliCommand Create(Terminal terminal) => new("did", "Look up decentralised identifiers.")
    {
        DidResolveCommand.Create(terminal),
    };
}
