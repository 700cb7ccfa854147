namespace Sage.Cli;

/// <summary><c>sage keys</c>: keys in plain files, for scripts and tests; agents keep theirs in an encrypted store, in which keys can be made too.</summary>
internal static class KeysCommand
{
    public static CliCommand Create(Terminal terminal) => new("keys", "Make, show and use keys in plain files.")
    {
        KeysGenerateCommand.Create(terminal),
        KeysShowCommand.Create(terminal),
        KeysSignCommand.Create(terminal),
        KeysVerifyCommand.Create(terminal),
    };
}
