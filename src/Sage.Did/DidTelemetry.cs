namespace Sage.Did;

/// <summary>The names under which this package reports (docs/telemetry.md).</summary>
public static class DidTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.Did";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sage.Did";

    /// <summary>Histogram in seconds: how long resolutions took.</summary>
    public const string ResolveDuration = "sage.did.resolve.duration";

    /// <summary>Histogram in seconds: how old answers were when they were given.</summary>
    public const string DocumentAge = "sage.did.document.age";

    /// <summary>Attribute: the DID method, or <c>_OTHER</c>.</summary>
    public const string MethodAttribute = "sage.did.method";

    /// <summary>Attribute: whether the answer came from a cache.</summary>
    public const string CacheHitAttribute = "sage.did.cache.hit";

    /// <summary>Attribute, only on failure: why there is no document.</summary>
    public const string ErrorTypeAttribute = "error.type";
}
