using System.CommandLine;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>The policies by name, with bodies as long as the commands read them.</summary>
internal static class HttpPolicy
{
    private static readonly SignaturePolicy[] Known =
        [.. new[] { SignaturePolicy.Default, SignaturePolicy.Sage, SignaturePolicy.WebBotAuth }.Select(policy => policy with { MaxBodySize = RawHttpMessage.MaxBodySize })];

    public static SignaturePolicy Named(string name) => Known.Single(policy => policy.Name == name);

    public static Option<string> CreateOption(SignaturePolicy? usual = null) => new Option<string>("--policy")
    {
        Description = "What a signature must look like: default, sage (SAGE profile P1, strict) or web-bot-auth.",
        DefaultValueFactory = _ => (usual ?? SignaturePolicy.Default).Name,
    }.AcceptOnlyFromAmong([.. Known.Select(policy => policy.Name)]);
}
