using System.CommandLine.Parsing;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>Reads addresses of accounts and contracts from the command line.</summary>
internal static class AddressArgument
{
    public static EthereumAddress Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!EthereumAddress.TryParse(text, out EthereumAddress address) || address.IsZero)
        {
            result.AddError($"'{text}' is not an address: 0x and 40 hex digits, not all zero, and of one case or with the checksum of EIP-55.");
        }

        return address;
    }

    public static EthereumAddress? ParseOptional(ArgumentResult result) => Parse(result);
}
