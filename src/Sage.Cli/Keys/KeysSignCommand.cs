using System.CommandLine;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary><c>sage keys sign</c>. It signs for applications: bytes with the shape of a protocol message are refused.</summary>
internal static class KeysSignCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Option<string> keyFile = SharedOptions.KeyFile();
        Option<string> input = SharedOptions.In();
        Option<string?> output = new("--out")
        {
            Description = "Write the raw signature bytes to a file instead of printing hex.",
            HelpName = "FILE",
            CustomParser = PathArgument.Parse,
        };
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("sign", "Sign a message of your own. Messages that look like one of the protocol's are refused.")
        {
            keyFile,
            input,
            output,
            json,
        };
        command.Examples =
        [
            "sage keys sign --key key.pem --in letter.txt",
            "echo hello | sage keys sign --key key.pem --out hello.sig",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            using KeyFile file = KeyFile.Read(parsed.GetRequiredValue(keyFile));
            PrivateKey key = file.PrivateKey ?? throw CommandException.Refused("The key file holds a public key; signing needs the private one.");
            if (!key.Algorithm.CanSign)
            {
                throw CommandException.Refused($"An {key.Algorithm.Name} key cannot sign.");
            }

            byte[] message = await Inputs.ReadAsync(terminal, parsed.GetRequiredValue(input), Inputs.MaximumMessage, cancellationToken);
            if (!SigningPurpose.Application.Accepts(message))
            {
                throw CommandException.Refused("The message has the shape of a Sage protocol message; a signature over it could be misused.");
            }

            byte[] signature = await new KeySigner(key).SignAsync(SigningPurpose.Application, message, cancellationToken);
            if (parsed.GetValue(output) is { } path)
            {
                await File.WriteAllBytesAsync(path, signature, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                terminal.Text.WriteLine(JsonText.Object(members =>
                {
                    members.WriteString("algorithm", key.Algorithm.Name);
                    members.WriteString("key_id", key.PublicKey.KeyId.Value);
                    members.WriteString("signature", Convert.ToHexStringLower(signature));
                }));
            }
            else if (parsed.GetValue(output) is null)
            {
                terminal.Text.WriteLine(Convert.ToHexStringLower(signature));
            }
        });
        return command;
    }
}
