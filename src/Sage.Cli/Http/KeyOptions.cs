using System.CommandLine;
using System.CommandLine.Parsing;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Cli;

/// <summary>The options of <c>sage http</c> that say where the keys of signers come from.</summary>
internal sealed class KeyOptions
{
    public Option<string?> Registry { get; } = new("--registry")
    {
        Description = "The registry file in which the DIDs of signers are looked up. A did:key needs none.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    public Option<string[]> Keys { get; } = new("--key")
    {
        Description = "A key file (PEM or JWK, public or private), for one keyid or for any that is not known otherwise; may be given several times.",
        HelpName = "[KEYID=]FILE",
        CustomParser = ParseKeys,
    };

    /// <exception cref="CommandException">A key file does not hold a key, or there is no registry file.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IKeyResolver Open(ParseResult parsed, TimeProvider timeProvider)
    {
        IDidResolver? registry = parsed.GetValue(Registry) is { } path ? RegistryFile.Open(path, timeProvider) : null;
        List<(string? KeyId, PublicKey Key)> given = [];
        foreach (string text in parsed.GetValue(Keys) ?? [])
        {
            (string? keyId, string file) = Split(text);
            using KeyFile key = KeyFile.Read(file);
            given.Add((keyId, key.PublicKey));
        }

        return new GivenKeys(given, registry, timeProvider);
    }

    // A file whose name has an equals sign is meant as it is; otherwise the last one divides, for key ids may have some.
    private static (string? KeyId, string File) Split(string text)
    {
        int equals = text.LastIndexOf('=');
        return equals <= 0 || File.Exists(text) ? (null, text) : (text[..equals], text[(equals + 1)..]);
    }

    private static string[] ParseKeys(ArgumentResult result)
    {
        string[] keys = [.. result.Tokens.Select(token => token.Value)];
        if (keys.Any(key => string.IsNullOrWhiteSpace(key) || key.EndsWith('=')))
        {
            result.AddError("A path is empty.");
        }

        return keys;
    }
}
