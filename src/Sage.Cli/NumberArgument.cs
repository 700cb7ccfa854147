using System.CommandLine.Parsing;
using System.Globalization;

namespace Sage.Cli;

/// <summary>Reads whole numbers of a range from the command line.</summary>
internal static class NumberArgument
{
    public static Func<ArgumentResult, int> Between(int least, int greatest) => result =>
    {
        string text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < least || number > greatest)
        {
            result.AddError($"'{text}' is not a number from {least} to {greatest}, which {((OptionResult)result.Parent!).Option.Name} takes.");
        }

        return number;
    };
}
