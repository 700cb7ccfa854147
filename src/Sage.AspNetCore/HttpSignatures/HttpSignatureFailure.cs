using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>Why authentication failed, for the log and for the challenge that follows.</summary>
internal sealed class HttpSignatureFailure(SignatureError error, string? detail) : Exception(detail is null ? error.ToString() : $"{error} ({detail})")
{
    public SignatureError Error { get; } = error;

    public string? Detail { get; } = detail;
}
