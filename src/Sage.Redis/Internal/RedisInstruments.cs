using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sage.Crypto;

namespace Sage.Redis.Internal;

/// <summary>The instruments of this package.</summary>
internal sealed class RedisInstruments
{
    public static readonly ActivitySource Source = new(RedisTelemetry.ActivitySourceName, Version);

    private static readonly Lazy<RedisInstruments> Shared = new(() => new RedisInstruments(new Meter(RedisTelemetry.MeterName, Version)));

    private readonly Histogram<double> consume;

    private RedisInstruments(Meter meter)
    {
        InstrumentAdvice<double> advice = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] };
        consume = meter.CreateHistogram(RedisTelemetry.ConsumeDuration, "s", "How long it took to consume a nonce.", advice: advice);
    }

    private static string? Version => typeof(RedisInstruments).Assembly.GetName().Version?.ToString();

    /// <summary>Instruments of a factory's meter, or of one static meter when there is no factory.</summary>
    public static RedisInstruments Create(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : new RedisInstruments(factory.Create(new MeterOptions(RedisTelemetry.MeterName) { Version = Version }));

    public void Answered(NonceResult result, TimeSpan elapsed) => consume.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(RedisTelemetry.ResultAttribute, result switch
    {
        NonceResult.Accepted => "accepted",
        NonceResult.Replayed => "replayed",
        _ => "full",
    }));

    public void Failed(string errorType, TimeSpan elapsed) =>
        consume.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(RedisTelemetry.ErrorTypeAttribute, errorType));
}
