using Microsoft.Extensions.Options;

namespace Sage.HttpSignatures;

/// <summary>Refuses settings that contradict each other.</summary>
internal sealed class HttpVerifyingHandlerOptionsValidator : IValidateOptions<HttpVerifyingHandlerOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpVerifyingHandlerOptions options) => options.FirstProblem() is { } problem
        ? ValidateOptionsResult.Fail($"{(string.IsNullOrEmpty(name) ? "AddHttpMessageVerification" : $"AddHttpMessageVerification of the client '{name}'")}: {problem}")
        : ValidateOptionsResult.Success;
}
