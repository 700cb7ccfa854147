namespace Sage.HttpSignatures;

/// <summary>
/// The names of what this package measures (<c>docs/telemetry.md</c>). Pass the first to <c>AddMeter</c> of OpenTelemetry.
/// No instrument carries a DID, a key id, a nonce or a URL.
/// </summary>
public static class HttpSignatureTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.HttpSignatures";

    /// <summary>Histogram, seconds: how long signing took.</summary>
    public const string SignDuration = "sage.http_signature.sign.duration";

    /// <summary>Histogram, seconds: how long verifying took, key resolution included.</summary>
    public const string VerifyDuration = "sage.http_signature.verify.duration";

    /// <summary>Attribute: <c>request</c> or <c>response</c>.</summary>
    public const string MessageAttribute = "sage.http_signature.message";

    /// <summary>Attribute, once the key is known: the name of its algorithm.</summary>
    public const string AlgorithmAttribute = "sage.key.algorithm";

    /// <summary>Attribute, on failure only: the <see cref="SignatureError"/> in snake case, or the type of the exception with which a signer failed.</summary>
    public const string ErrorTypeAttribute = "error.type";

    /// <summary>Attribute of the current span: <c>valid</c>, <c>invalid</c> or <c>absent</c>.</summary>
    public const string ResultAttribute = "sage.http_signature.result";
}
