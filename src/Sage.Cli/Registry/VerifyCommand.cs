namespace Sage.Cli;

/// <summary><c>sage verify</c>.</summary>
internal static class VerifyCommand
{
    public static CliCommand Create(Terminal terminal) => new("verify", "Check what is set up elsewhere.")
    {
        VerifyDeploymentCommand.Create(terminal),
    };
}
