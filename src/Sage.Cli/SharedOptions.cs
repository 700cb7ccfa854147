using System.CommandLine;

namespace Sage.Cli;

/// <summary>The options that several commands have, each described once.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts." };

    public static Option<string> Home() => new("--home")
    {
        Description = "The agent's own folder: its encrypted keys and its name. Keep it private.",
        HelpName = "DIR",
        Required = true,
        CustomParser = PathArgument.Parse,
    };

    public static Option<string> Registry() => new("--registry")
    {
        Description = "The registry file in which agents find each other's public keys and endpoints.",
        HelpName = "FILE",
        Required = true,
        CustomParser = PathArgument.Parse,
    };

    public static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        Description = "A file with the passphrase of the agent's keys; one line ending at its end does not count. Without it, SAGE_PASSPHRASE.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    public static Option<string> KeyFile() => new("--key")
    {
        Description = "The key file: PEM or JWK.",
        HelpName = "FILE",
        Required = true,
        CustomParser = PathArgument.Parse,
    };

    public static Option<string> In() => new("--in")
    {
        Description = "The file with the message; - is standard input.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Inputs.StandardInput,
        CustomParser = PathArgument.Parse,
    };
}
