using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.Did;

/// <summary>Refuses an agent's own DID that is none; below this package it is an opaque text.</summary>
internal sealed class DidOptionsValidator : IValidateOptions<SageOptions>
{
    public ValidateOptionsResult Validate(string? name, SageOptions options) =>
        options.Did is { } did && !AgentDid.TryParse(did, out _)
            ? ValidateOptionsResult.Fail($"The setting 'Did' of this agent is not a DID of at most {AgentDid.MaxLength} bytes.")
            : ValidateOptionsResult.Success;
}
