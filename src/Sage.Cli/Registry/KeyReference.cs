using System.CommandLine.Parsing;
using Sage.Crypto;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>A key of an agent as it is named on the command line: by its id in the registry, or by its name in the store.</summary>
internal sealed record KeyReference(string Text)
{
    public const string Description = "A key: its id in the registry (0x and 64 hex digits), or its name in the store.";

    public static KeyReference Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!EthereumHash.TryParse(text, out _))
        {
            KeyNameArgument.Parse(text, result);
        }

        return new KeyReference(text);
    }

    /// <exception cref="CommandException">The registry takes no keys of that algorithm.</exception>
    /// <exception cref="KeyStoreException">The store has no such key.</exception>
    public async Task<EthereumHash> FindAsync(EncryptedFileKeyStore store, CancellationToken cancellationToken)
    {
        if (EthereumHash.TryParse(Text, out EthereumHash keyId))
        {
            return keyId;
        }

        using PrivateKey key = await store.GetAsync(Text, cancellationToken: cancellationToken);
        try
        {
            return KeyMessages.KeyId(ChainKeyType.Of(key.Algorithm), ChainKeyType.Encode(key.PublicKey));
        }
        catch (ArgumentException)
        {
            throw CommandException.Refused($"The key '{Text}' is {key.Algorithm.Name}, of which the registry has none.");
        }
    }
}
