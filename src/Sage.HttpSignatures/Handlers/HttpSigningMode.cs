namespace Sage.HttpSignatures;

/// <summary>Which requests a client signs.</summary>
public enum HttpSigningMode
{
    /// <summary>Every request.</summary>
    Always,

    /// <summary>
    /// Those to origins that have asked for a signature with <c>Accept-Signature</c> (RFC 9421 §5): the first request goes out
    /// unsigned. At most 1,000 origins are remembered; every further one has to ask each time.
    /// </summary>
    WhenAsked,
}
