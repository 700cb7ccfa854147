namespace Sage.HttpSignatures;

/// <summary>When <see cref="HttpSigningHandler"/> signs.</summary>
public sealed class HttpSigningHandlerOptions
{
    /// <summary>Which requests are signed; all of them unless told.</summary>
    public HttpSigningMode Mode { get; set; } = HttpSigningMode.Always;

    /// <summary>
    /// Whether a 401 or 403 with <c>Accept-Signature</c> is answered by signing the request again as asked and sending it once
    /// more. What the own policy covers stays covered. Without it the response goes to the caller.
    /// </summary>
    public bool AnswerChallenges { get; set; } = true;
}
