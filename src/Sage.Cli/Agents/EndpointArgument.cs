using System.CommandLine.Parsing;

namespace Sage.Cli;

/// <summary>Reads the base URL of an agent from the command line.</summary>
internal static class EndpointArgument
{
    public static Uri? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!BaseUrl.TryParse(text, out Uri? url))
        {
            result.AddError($"'{text}' is not a base URL: http or https, without user information, query and fragment.");
        }

        return url;
    }
}
