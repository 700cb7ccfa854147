using System.CommandLine.Parsing;
using System.Globalization;

namespace Sage.Cli;

/// <summary>Reads Unix times from the command line, within what a signature can say.</summary>
internal static class UnixTimeArgument
{
    private const long Latest = 99_999_999_999;

    public static long? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || seconds > Latest)
        {
            result.AddError($"'{text}' is not a Unix time in seconds.");
        }

        return seconds;
    }
}
