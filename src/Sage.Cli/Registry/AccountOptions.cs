using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>The options that say who pays for a transaction, and how much at most.</summary>
internal sealed class AccountOptions
{
    // The default of the sender, said in the help; a transaction of an agent needs a fraction of it.
    private const ulong DefaultGas = 5_000_000;
    private const ulong LeastGas = 21_000;
    private const ulong MostGas = 1_000_000_000;

    public Option<string> Store { get; } = new("--store")
    {
        Description = "The key store: the account's key and the agent's. 'sage agent create' makes one as DIR/keys.json, 'sage keys generate --store' too.",
        HelpName = "FILE",
        Required = true,
        CustomParser = PathArgument.Parse,
    };

    public Option<string> Signer { get; } = new("--signer")
    {
        Description = "The name in the store of the account's secp256k1 key.",
        HelpName = "NAME",
        DefaultValueFactory = _ => AgentHome.OwnerKey,
        CustomParser = KeyNameArgument.Parse,
    };

    public Option<string?> PassphraseFile { get; } = SharedOptions.PassphraseFile();

    public Option<UInt256?> MaxFee { get; } = new("--max-fee")
    {
        Description = "The most to pay per unit of gas, in gwei, tip included. Nothing is sent when the network asks for more.",
        HelpName = "GWEI",
        Required = true,
        CustomParser = GweiArgument.Parse,
    };

    public Option<UInt256?> MaxPriorityFee { get; } = new("--max-priority-fee")
    {
        Description = "The most tip per unit of gas, in gwei. [default: within --max-fee]",
        HelpName = "GWEI",
        CustomParser = GweiArgument.Parse,
    };

    public Option<ulong> GasLimit { get; } = new("--gas-limit")
    {
        Description = "The most gas of a transaction. Nothing is sent that needs more.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultGas,
        CustomParser = ParseGas,
    };

    public void AddTo(Command command)
    {
        command.Add(Store);
        command.Add(Signer);
        command.Add(PassphraseFile);
        command.Add(MaxFee);
        command.Add(MaxPriorityFee);
        command.Add(GasLimit);
    }

    public async Task<EncryptedFileKeyStore> OpenStoreAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using Passphrase passphrase = PassphraseInput.Read(parsed.GetValue(PassphraseFile));
        return await EncryptedFileKeyStore.OpenAsync(parsed.GetRequiredValue(Store), passphrase.Memory, cancellationToken: cancellationToken);
    }

    public TransactionSenderOptions Bounds(ParseResult parsed)
    {
        TransactionSenderOptions options = new(parsed.GetValue(MaxFee)!.Value) { MaxGas = parsed.GetValue(GasLimit), MaxTipPerGas = parsed.GetValue(MaxPriorityFee) };
        if (options.MaxTipPerGas < options.MinTipPerGas)
        {
            options.MinTipPerGas = options.MaxTipPerGas.Value;
        }

        return options;
    }

    private static ulong ParseGas(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong gas) || gas is < LeastGas or > MostGas)
        {
            result.AddError($"'{text}' is not a limit of gas, which is a number from {LeastGas} to {MostGas}.");
        }

        return gas;
    }
}
