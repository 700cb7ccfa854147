using System.CommandLine.Parsing;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary>Reads names of keys in a store from the command line.</summary>
internal static class KeyNameArgument
{
    public static string Parse(ArgumentResult result) => Parse(result.Tokens[0].Value, result);

    public static string Parse(string name, ArgumentResult result)
    {
        if (!KeyName.IsValid(name))
        {
            result.AddError($"'{name}' is not the name of a key: 1 to {KeyName.MaximumLength} ASCII letters, digits or any of ._-:#/@%.");
        }

        return name;
    }
}
