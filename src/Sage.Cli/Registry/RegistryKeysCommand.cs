namespace Sage.Cli;

/// <summary><c>sage registry keys</c>.</summary>
internal static class RegistryKeysCommand
{
    public static CliCommand Create(Terminal terminal) => new("keys", "Add, rotate and revoke keys of an agent.")
    {
        RegistryKeysAddCommand.Create(terminal),
        RegistryKeysRotateCommand.Create(terminal),
        RegistryKeysRevokeCommand.Create(terminal),
    };
}
