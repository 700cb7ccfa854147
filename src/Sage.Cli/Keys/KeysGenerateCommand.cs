using System.CommandLine;
using System.Security.Cryptography;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary><c>sage keys generate</c>.</summary>
internal static class KeysGenerateCommand
{
    // A PEM file cannot say that its RSA key is for the older signatures, so no such key is made here.
    public static IEnumerable<KeyAlgorithm> Algorithms => KeyAlgorithm.All.Where(known => known != KeyAlgorithm.RsaV15Sha256);

    public static CliCommand Create(Terminal terminal)
    {
        Option<string> algorithm = new Option<string>("--algorithm")
        {
            Description = "x25519 agrees on secrets; all others sign. An RSA key has 3072 bits.",
            Required = true,
        }.AcceptOnlyFromAmong([.. Algorithms.Select(known => known.Name)]);
        Option<string?> file = new("--out")
        {
            Description = "Where to write the private key, not encrypted. Only you can read the file.",
            HelpName = "FILE",
            CustomParser = PathArgument.Parse,
        };
        StoredKeyOptions stored = new();
        Option<string> format = new Option<string>("--format")
        {
            Description = "pem is PKCS#8, jwk is a private JSON Web Key.",
            DefaultValueFactory = _ => KeyFile.PemFormat,
        }.AcceptOnlyFromAmong(KeyFile.PemFormat, KeyFile.JwkFormat);
        Option<bool> force = new("--force") { Description = "Replace the file if it exists; the key in it is lost." };
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("generate", "Make a private key: in a plain file, or in an encrypted store.")
        {
            algorithm,
            file,
            format,
            force,
        };
        stored.AddTo(command);
        command.Add(json);
        command.Validators.Add(result => stored.Validate(result, file, format, force));
        command.Examples =
        [
            "sage keys generate --algorithm ed25519 --out key.pem",
            "sage keys generate --algorithm secp256k1 --out owner.json --format jwk",
            "sage keys generate --algorithm secp256k1 --store keys.json --name owner",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            _ = KeyAlgorithm.TryParse(parsed.GetRequiredValue(algorithm), out KeyAlgorithm? chosen);
            if (parsed.GetValue(file) is not { } path)
            {
                using PrivateKey kept = PrivateKey.Generate(chosen!);
                await stored.AddAsync(parsed, kept, cancellationToken);
                terminal.Text.WriteLine(KeyDescription.Of(kept.PublicKey, isPrivate: true, parsed.GetValue(json)));
                return;
            }

            using PrivateKey key = PrivateKey.Generate(chosen!, KeyExportPolicy.AllowPlaintextExport);
            byte[] encoded = parsed.GetRequiredValue(format) == KeyFile.PemFormat ? Pem.ExportPrivateKey(key) : Jwk.ExportPrivateKey(key);
            try
            {
                PrivateFile.Write(path, encoded, parsed.GetValue(force));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(encoded);
            }

            terminal.Text.WriteLine(KeyDescription.Of(key.PublicKey, isPrivate: true, parsed.GetValue(json)));
        });
        return command;
    }
}
