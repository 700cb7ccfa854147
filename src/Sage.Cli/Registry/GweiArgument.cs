using System.CommandLine.Parsing;
using System.Globalization;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary>Reads prices of gas from the command line: gwei, with up to nine decimals.</summary>
internal static class GweiArgument
{
    private const decimal WeiPerGwei = 1_000_000_000;

    // A thousand times what any chain ever asked for; whoever means more has taken wei for gwei.
    private const decimal Greatest = 1_000_000;

    public static UInt256? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal gwei)
            || gwei is <= 0 or > Greatest || decimal.Truncate(gwei * WeiPerGwei) != gwei * WeiPerGwei)
        {
            result.AddError($"'{text}' is not a price in gwei: more than 0, at most {Greatest}, with up to nine decimals.");
            return null;
        }

        return (ulong)(gwei * WeiPerGwei);
    }
}
