using System.Diagnostics.Metrics;

namespace Sage.Did.Ethereum;

/// <summary>The gauges of a mirror while it runs.</summary>
internal sealed class MirrorGauge : IDisposable
{
    public const string Lag = "sage.did.ethereum.mirror.lag";
    public const string Agents = "sage.did.ethereum.mirror.agents";

    private readonly Meter? own;
    private volatile RegistryMirror? mirror;

    public MirrorGauge(RegistryMirror mirror, IMeterFactory? factory)
    {
        this.mirror = mirror;
        MeterOptions options = new(WatchGauge.MeterName) { Version = typeof(MirrorGauge).Assembly.GetName().Version?.ToString() };

        // A static meter would hold every mirror there ever was.
        Meter meter = factory?.Create(options) ?? (own = new Meter(options));
        meter.CreateObservableGauge(Lag, () => Measure(shown => shown.Lag.TotalSeconds), "s", "The age of the newest block that a mirror has seen.");
        meter.CreateObservableGauge(Agents, () => Measure(shown => (long)shown.AgentCount), "{agent}", "How many agents a mirror knows.");
    }

    public void Dispose()
    {
        mirror = null;
        own?.Dispose();
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<RegistryMirror, T> read)
        where T : struct => mirror is { } shown
            ? [new Measurement<T>(read(shown), new KeyValuePair<string, object?>(WatchGauge.ChainAttribute, (long)shown.ChainId))]
            : [];
}
