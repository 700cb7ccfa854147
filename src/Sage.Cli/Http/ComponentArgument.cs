using System.CommandLine.Parsing;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>Reads component identifiers from the command line; the quotes of the name may be left to us, as shells take them away.</summary>
internal static class ComponentArgument
{
    public static SignatureComponent[] Parse(ArgumentResult result) => [.. result.Tokens.Select(token => Parse(token.Value, result)).OfType<SignatureComponent>()];

    private static SignatureComponent? Parse(string text, ArgumentResult result)
    {
        int end = text.IndexOf(';');
        string identifier = text.StartsWith('"') ? text : end < 0 ? $"\"{text}\"" : $"\"{text[..end]}\"{text[end..]}";
        if (!SignatureComponent.TryParse(identifier, out SignatureComponent? component))
        {
            result.AddError($"'{text}' is not a component; one looks like @path, x-request-id or 'signature-agent;key=\"sig1\"'.");
        }

        return component;
    }
}
