using System.CommandLine;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary><c>sage http sign</c>.</summary>
internal static class HttpSignCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Option<string> keyFile = SharedOptions.KeyFile();
        Option<string> keyId = new("--keyid") { Description = "What verifiers find the key by: a DID, a DID URL, a thumbprint.", HelpName = "ID", Required = true };
        Option<string> policy = HttpPolicy.CreateOption();
        Option<string?> label = new("--label") { Description = "The label of the signature. [default: sig1]", HelpName = "L" };
        Option<string?> tag = new("--tag") { Description = "The tag of the signature, which names its use.", HelpName = "T" };
        Option<SignatureComponent[]> components = new("--component")
        {
            Description = "A component to cover besides those of the policy; may be given several times.",
            HelpName = "C",
            CustomParser = ComponentArgument.Parse,
        };
        Option<long?> created = new("--created") { Description = "When it was made, as a Unix time; now unless told.", HelpName = "N", CustomParser = UnixTimeArgument.Parse };
        Option<string?> nonce = new("--nonce") { Description = "The nonce; random unless told.", HelpName = "N" };
        MessageInput input = new();
        CliCommand command = new("sign", "Sign a captured message and write it with Content-Digest, Signature-Input and Signature added. Nothing else of it changes.")
        {
            keyFile,
            keyId,
            policy,
            input.Scheme,
            label,
            tag,
            components,
            created,
            nonce,
            input.InReplyTo,
            input.File,
        };
        command.Examples =
        [
            "sage http sign --key key.pem --keyid did:sage:ethereum:0x…#key-1 --policy sage request.http > signed.http",
            "printf 'GET /now HTTP/1.1\\r\\nHost: a.example\\r\\n\\r\\n' | sage http sign --key key.pem --keyid me",
            "sage http sign --key key.pem --keyid me --in-reply-to signed.http response.http",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            using KeyFile file = KeyFile.Read(parsed.GetRequiredValue(keyFile));
            PrivateKey key = file.PrivateKey ?? throw CommandException.Refused("The key file holds a public key; signing needs the private one.");
            SignaturePolicy chosen = HttpPolicy.Named(parsed.GetRequiredValue(policy));
            if (!key.Algorithm.CanSign || !chosen.Algorithms.Contains(key.Algorithm))
            {
                throw CommandException.Refused($"The policy '{chosen.Name}' does not accept {key.Algorithm.Name}; it takes {string.Join(", ", chosen.Algorithms.Select(algorithm => algorithm.Name))}.");
            }

            CapturedMessage captured = await input.ReadAsync(terminal, parsed, cancellationToken);
            SigningOverrides overrides = new()
            {
                AdditionalComponents = parsed.GetValue(components) ?? [],
                Nonce = parsed.GetValue(nonce),
                Label = parsed.GetValue(label),
                Tag = parsed.GetValue(tag),
            };
            MessageSigning signing = new(new KeySigner(key), parsed.GetRequiredValue(keyId), chosen, FixedTime.At(parsed.GetValue(created)));
            await terminal.Output.WriteAsync(await signing.SignAsync(captured, overrides, cancellationToken), cancellationToken);
            await terminal.Output.FlushAsync(cancellationToken);
        });
        return command;
    }
}
