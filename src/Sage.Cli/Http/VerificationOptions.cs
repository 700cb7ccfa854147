using System.CommandLine;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>The options that <c>sage http verify</c> and <c>sage http explain</c> share.</summary>
internal sealed class VerificationOptions
{
    private readonly Option<string> policy = HttpPolicy.CreateOption();
    private readonly KeyOptions keys = new();
    private readonly MessageInput input = new();

    private readonly Option<long?> at = new("--at")
    {
        Description = "Look at the message as of this Unix time instead of now.",
        HelpName = "UNIXTIME",
        CustomParser = UnixTimeArgument.Parse,
    };

    private readonly Option<string?> label = new("--label") { Description = "Look only at the signature with this label.", HelpName = "L" };
    private readonly Option<string?> tag = new("--tag") { Description = "Look only at signatures with this tag.", HelpName = "T" };
    private readonly Option<bool> anyAge = new("--any-age") { Description = "Let 'created' be as long ago as it likes; 'expires' still counts, see --at." };

    public Option<bool> Json { get; } = SharedOptions.Json();

    public CliCommand AddTo(CliCommand command)
    {
        Option[] options = [policy, keys.Registry, keys.Keys, input.Scheme, at, input.InReplyTo, label, tag, anyAge, Json];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(input.File);
        return command;
    }

    /// <exception cref="CommandException">An input is not what it should be.</exception>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public async Task<Verification> ReadAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        TimeProvider time = FixedTime.At(parsed.GetValue(at));
        SignaturePolicy chosen = HttpPolicy.Named(parsed.GetRequiredValue(policy));
        chosen = chosen with
        {
            Label = parsed.GetValue(label) ?? chosen.Label,
            Tag = parsed.GetValue(tag) ?? chosen.Tag,
            MaxAge = parsed.GetValue(anyAge) ? TimeSpan.Zero : chosen.MaxAge,
        };
        CapturedMessage captured = await input.ReadAsync(terminal, parsed, cancellationToken);
        if (parsed.GetValue(keys.Keys) is { Length: > 0 })
        {
            // Whoever brings the key need not be told it by the signer.
            chosen = chosen with { KeysFromSignatureAgent = false };
        }

        KeyDirectoryClient? directories = chosen.KeysFromSignatureAgent ? new KeyDirectoryClient(timeProvider: time) : null;
        return new Verification(captured, chosen, keys.Open(parsed, time), directories, time);
    }
}
