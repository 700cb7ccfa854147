using System.CommandLine;
using System.Text;

namespace Sage.Cli;

/// <summary><c>sage keys verify</c>.</summary>
internal static class KeysVerifyCommand
{
    // A signature in hex with white space around it is far below this.
    private const int MaximumSignature = 1024;

    public static CliCommand Create(Terminal terminal)
    {
        Option<string> keyFile = SharedOptions.KeyFile();
        Option<string> signature = new("--signature")
        {
            Description = "The signature: hex, or a file that holds hex or the raw bytes.",
            HelpName = "HEX|FILE",
            Required = true,
            CustomParser = PathArgument.Parse,
        };
        Option<string> input = SharedOptions.In();
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("verify", "Check a signature over a message. Exit code 1 if it is not valid.")
        {
            keyFile,
            signature,
            input,
            json,
        };
        command.Examples =
        [
            "sage keys verify --key public.pem --signature hello.sig --in hello.txt",
            "echo hello | sage keys verify --key public.json --signature 5f3a…",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            if (parsed.GetRequiredValue(signature) == Inputs.StandardInput && parsed.GetRequiredValue(input) == Inputs.StandardInput)
            {
                throw CommandException.Usage("The message and its signature cannot both come from standard input.");
            }

            using KeyFile key = KeyFile.Read(parsed.GetRequiredValue(keyFile));
            if (!key.PublicKey.Algorithm.CanSign)
            {
                throw CommandException.Refused($"An {key.PublicKey.Algorithm.Name} key cannot verify signatures.");
            }

            byte[] signed = await ReadSignatureAsync(terminal, parsed.GetRequiredValue(signature), cancellationToken);
            byte[] message = await Inputs.ReadAsync(terminal, parsed.GetRequiredValue(input), Inputs.MaximumMessage, cancellationToken);
            bool valid = key.PublicKey.Verify(message, signed);
            if (parsed.GetValue(json))
            {
                terminal.Text.WriteLine(JsonText.Object(members =>
                {
                    members.WriteString("algorithm", key.PublicKey.Algorithm.Name);
                    members.WriteString("key_id", key.PublicKey.KeyId.Value);
                    members.WriteBoolean("valid", valid);
                }));
            }
            else if (valid)
            {
                terminal.Text.WriteLine("valid");
            }

            if (!valid)
            {
                throw CommandException.Refused("The signature is not valid.");
            }
        });
        return command;
    }

    private static async Task<byte[]> ReadSignatureAsync(Terminal terminal, string value, CancellationToken cancellationToken)
    {
        if (TryReadHex(value, out byte[] signature))
        {
            return signature;
        }

        byte[] content = await Inputs.ReadAsync(terminal, value, MaximumSignature, cancellationToken);
        return TryReadHex(Encoding.Latin1.GetString(content).Trim(), out signature) ? signature : content;
    }

    private static bool TryReadHex(string text, out byte[] bytes)
    {
        bool isHex = text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
        bytes = isHex ? Convert.FromHexString(text) : [];
        return isHex;
    }
}
