using System.CommandLine.Parsing;

namespace Sage.Cli;

/// <summary>Reads the base URL of an agent from the command line.</summary>
internal static class EndpointArgument
{
    public static Uri? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        bool usable = Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url is { UserInfo: "", Query: "", Fragment: "" };
        if (!usable)
        {
            result.AddError($"'{text}' is not a base URL: http or https, without user information, query and fragment.");
        }

        return url;
    }
}
