using Sage.HttpSignatures;

namespace Sage.Hosting;

/// <summary>What signatures of HTTP messages must look like.</summary>
internal sealed class HttpSignaturesOptions
{
    /// <summary>The policy of requests; changed by the settings below.</summary>
    public SignaturePolicyKind Policy { get; set; }

    /// <summary>How old a signature may be; the policy's own age when not set.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan? MaxAge { get; set; }

    /// <summary>How far the clock of a signer may be ahead; as the policy says when not set.</summary>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan? MaxClockSkew { get; set; }

    /// <summary>How old the answer of the key resolver may be; as the policy says when not set.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan? MaxKeyAge { get; set; }

    /// <summary>The longest signed body, in bytes.</summary>
    [NumberRange(0, 16 * 1024 * 1024)]
    public int MaxBodySize { get; set; } = 1024 * 1024;

    /// <summary>
    /// The scheme, authority and path prefix under which clients reach this host, when a proxy stands in front that does not tell: a URL
    /// without query and fragment.
    /// </summary>
    public Uri? PublicOrigin { get; set; }

    /// <summary>The policy that the settings describe.</summary>
    public SignaturePolicy ToPolicy()
    {
        SignaturePolicy policy = Policy switch
        {
            SignaturePolicyKind.Sage => SignaturePolicy.Sage,
            SignaturePolicyKind.WebBotAuth => SignaturePolicy.WebBotAuth,
            _ => SignaturePolicy.Default,
        };
        return policy with
        {
            MaxAge = MaxAge ?? policy.MaxAge,
            MaxClockSkew = MaxClockSkew ?? policy.MaxClockSkew,
            MaxKeyAge = MaxKeyAge ?? policy.MaxKeyAge,
            MaxBodySize = MaxBodySize,
        };
    }
}
