using System.CommandLine;
using System.CommandLine.Parsing;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary>The options of <c>sage keys generate</c> that put the key into an encrypted store.</summary>
internal sealed class StoredKeyOptions
{
    public Option<string?> Store { get; } = new("--store")
    {
        Description = "The encrypted key store to put the key into; made if it does not exist.",
        HelpName = "FILE",
        CustomParser = PathArgument.Parse,
    };

    public Option<string?> Name { get; } = new("--name") { Description = "The key's name in the store; a new one.", HelpName = "NAME", CustomParser = KeyNameArgument.Parse };

    public Option<string?> PassphraseFile { get; } = SharedOptions.PassphraseFile();

    public void AddTo(Command command)
    {
        command.Add(Store);
        command.Add(Name);
        command.Add(PassphraseFile);
    }

    /// <summary>Either a plain file with its options, or a store with its own.</summary>
    public void Validate(CommandResult result, Option<string?> file, Option<string> format, Option<bool> force)
    {
        bool isFile = result.GetResult(file) is not null;
        bool isStore = result.GetResult(Store) is not null && result.GetResult(Name) is not null;
        bool hasStorePart = new Option[] { Store, Name, PassphraseFile }.Any(option => result.GetResult(option) is not null);
        bool hasFilePart = result.GetResult(format) is { Implicit: false } || result.GetValue(force);
        if (isFile ? hasStorePart : !isStore || hasFilePart)
        {
            result.AddError("Say where the key goes: --out FILE, or --store FILE and --name NAME.");
        }
    }

    /// <exception cref="CommandException">There is no passphrase.</exception>
    /// <exception cref="KeyStoreException">The store does not open, or has the name.</exception>
    public async Task AddAsync(ParseResult parsed, PrivateKey key, CancellationToken cancellationToken)
    {
        string path = parsed.GetValue(Store)!;
        using Passphrase passphrase = PassphraseInput.Read(parsed.GetValue(PassphraseFile));
        using EncryptedFileKeyStore store = File.Exists(path)
            ? await EncryptedFileKeyStore.OpenAsync(path, passphrase.Memory, cancellationToken: cancellationToken)
            : await EncryptedFileKeyStore.CreateAsync(path, passphrase.Memory, cancellationToken: cancellationToken);
        await store.AddAsync(parsed.GetValue(Name)!, key, cancellationToken);
    }
}
