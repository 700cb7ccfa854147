using Microsoft.Extensions.Options;
using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Refuses options that cannot work, at start.</summary>
internal sealed class HttpSignatureOptionsValidator : IValidateOptions<HttpSignatureOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpSignatureOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        if (options.Policy is null)
        {
            result.AddError($"{nameof(HttpSignatureOptions.Policy)} of the scheme '{name}' is null: set it to SignaturePolicy.Default or another policy.");
        }
        else if (Problem(options.Policy) is { } problem)
        {
            result.AddError($"{nameof(HttpSignatureOptions.Policy)} of the scheme '{name}' cannot be asked for: {problem}");
        }

        if (options.PublicOrigin is { } origin && !IsOrigin(origin))
        {
            result.AddError(
                $"{nameof(HttpSignatureOptions.PublicOrigin)} of the scheme '{name}' must be an absolute http or https URL without user, query and fragment, "
                + "for example https://agent.example.com or https://example.com/agents.");
        }

        return result.Build();
    }

    /// <summary>Why a policy cannot be used on the side of a server.</summary>
    public static string? Problem(SignaturePolicy policy)
    {
        if (policy.RequestComponents.Any(component => component.IsFromRequest))
        {
            return $"{nameof(SignaturePolicy.RequestComponents)} of the policy '{policy.Name}' has a component with ';req', which only a response can have.";
        }

        try
        {
            AcceptSignature.FromPolicy(policy).ToString();
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"the label, tag or key id of the policy '{policy.Name}' cannot be written as a structured field (RFC 9651).";
        }
    }

    private static bool IsOrigin(Uri origin) =>
        origin.IsAbsoluteUri && (origin.Scheme == Uri.UriSchemeHttp || origin.Scheme == Uri.UriSchemeHttps)
        && origin.Host.Length > 0 && origin.UserInfo.Length == 0 && !origin.OriginalString.AsSpan().ContainsAny('?', '#');
}
