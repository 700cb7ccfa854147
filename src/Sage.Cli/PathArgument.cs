using System.CommandLine.Parsing;

namespace Sage.Cli;

/// <summary>Reads paths from the command line; an empty one is most often a shell variable that is not set.</summary>
internal static class PathArgument
{
    public static string Parse(ArgumentResult result)
    {
        string path = result.Tokens[0].Value;
        if (string.IsNullOrWhiteSpace(path))
        {
            result.AddError("A path is empty.");
        }

        return path;
    }
}
