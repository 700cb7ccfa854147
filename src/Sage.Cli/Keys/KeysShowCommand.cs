using System.CommandLine;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary><c>sage keys show</c>.</summary>
internal static class KeysShowCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Argument<string> file = new("FILE") { Description = "The key file: PEM or JWK, private or public.", CustomParser = PathArgument.Parse };
        Option<string?> format = new Option<string?>("--format") { Description = "Print the public key itself, to give away." }
            .AcceptOnlyFromAmong(KeyFile.PemFormat, KeyFile.JwkFormat);
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("show", "Show the public half of a key: algorithm, bytes, key id, JWK thumbprint, Ethereum address.")
        {
            file,
            format,
            json,
        };
        command.Examples =
        [
            "sage keys show key.pem",
            "sage keys show owner.json --json",
            "sage keys show key.pem --format pem > public.pem",
        ];
        command.Run(parsed =>
        {
            using KeyFile key = KeyFile.Read(parsed.GetRequiredValue(file));
            terminal.Text.WriteLine(parsed.GetValue(format) switch
            {
                KeyFile.PemFormat => Pem.Export(key.PublicKey).TrimEnd(),
                KeyFile.JwkFormat => Jwk.Export(key.PublicKey),
                _ => KeyDescription.Of(key.PublicKey, key.PrivateKey is not null, parsed.GetValue(json)),
            });
        });
        return command;
    }
}
