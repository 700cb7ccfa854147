using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sage.Did;

/// <summary>
/// The instruments and the activity source of this package. Every resolution is counted once: by the source that answers,
/// or by the cache when it answers itself.
/// </summary>
internal sealed class DidInstruments
{
    public const string Unreachable = "unreachable";

    private const long NotTimed = -1;

    private static readonly ActivitySource Activities = new(DidTelemetry.ActivitySourceName, Version);
    private static readonly Lazy<DidInstruments> Shared = new(() => new DidInstruments(new Meter(DidTelemetry.MeterName, Version)));
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly Histogram<double> duration;
    private readonly Histogram<double> age;

    private DidInstruments(Meter meter)
    {
        duration = meter.CreateHistogram(
            DidTelemetry.ResolveDuration, "s", "How long resolutions of DIDs took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        age = meter.CreateHistogram(
            DidTelemetry.DocumentAge, "s", "How old answers were when they were given.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] });
    }

    private static string? Version => typeof(DidInstruments).Assembly.GetName().Version?.ToString();

    /// <summary>Instruments of a factory's meter, or of one static meter when there is no factory.</summary>
    public static DidInstruments Create(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : new DidInstruments(factory.Create(new MeterOptions(DidTelemetry.MeterName) { Version = Version }));

    /// <summary>The span of a resolution that does input and output.</summary>
    public static Activity? StartSpan(AgentDid did) => Activities.HasListeners() ? Activities.StartActivity($"resolve {MethodOf(did)}") : null;

    public static void MarkFailed(Activity? span) => span?.SetStatus(ActivityStatusCode.Error).SetTag(DidTelemetry.ErrorTypeAttribute, Unreachable);

    /// <summary>The time a resolution starts at, or nothing when nobody listens.</summary>
    public long Start(TimeProvider timeProvider) => duration.Enabled ? timeProvider.GetTimestamp() : NotTimed;

    public void Resolved(TimeProvider timeProvider, long start, DidResolution resolution, bool isHit)
    {
        if (duration.Enabled && start != NotTimed)
        {
            Record(timeProvider, start, resolution.Did, isHit, ErrorType(resolution.Status));
        }

        if (age.Enabled && resolution.Status == DidResolutionStatus.Resolved)
        {
            TimeSpan documentAge = resolution.AgeAt(timeProvider.GetUtcNow());
            age.Record(documentAge.TotalSeconds, new KeyValuePair<string, object?>(DidTelemetry.MethodAttribute, MethodOf(resolution.Did)));
        }
    }

    public void Failed(TimeProvider timeProvider, long start, AgentDid did)
    {
        if (duration.Enabled && start != NotTimed)
        {
            Record(timeProvider, start, did, isHit: false, Unreachable);
        }
    }

    public static string? ErrorType(DidResolutionStatus status) => status switch
    {
        DidResolutionStatus.Resolved => null,
        DidResolutionStatus.NotFound => "not_found",
        DidResolutionStatus.Deactivated => "deactivated",
        DidResolutionStatus.MethodNotSupported => "method_not_supported",
        _ => "invalid",
    };

    private void Record(TimeProvider timeProvider, long start, AgentDid did, bool isHit, string? errorType)
    {
        TagList tags = new()
        {
            { DidTelemetry.MethodAttribute, MethodOf(did) },
            { DidTelemetry.CacheHitAttribute, isHit ? True : False },
        };
        if (errorType is not null)
        {
            tags.Add(DidTelemetry.ErrorTypeAttribute, errorType);
        }

        duration.Record(timeProvider.GetElapsedTime(start).TotalSeconds, tags);
    }

    // A stranger chooses the method, so only known ones become a dimension.
    private static string MethodOf(AgentDid did) => did.Method is "sage" or "key" or "web" ? did.Method : "_OTHER";
}
