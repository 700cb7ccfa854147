using System.Diagnostics.Metrics;

namespace Sage.Did.Ethereum;

/// <summary>The gauge of a watcher: how long ago each endpoint was last seen. Shows nothing once it is disposed.</summary>
internal sealed class WatchGauge : IDisposable
{
    public const string MeterName = "Sage.Did.Ethereum";
    public const string WatchAge = "sage.did.ethereum.watch.age";
    public const string ChainAttribute = "sage.did.ethereum.chain_id";
    public const string EndpointAttribute = "sage.did.ethereum.endpoint";

    private readonly Meter? own;
    private volatile WatchState[] states;

    public WatchGauge(WatchState[] states, IMeterFactory? factory)
    {
        this.states = states;
        MeterOptions options = new(MeterName) { Version = typeof(WatchGauge).Assembly.GetName().Version?.ToString() };

        // A static meter would hold every watcher there ever was.
        Meter meter = factory?.Create(options) ?? (own = new Meter(options));
        meter.CreateObservableGauge(WatchAge, Measure, "s", "How long ago a watched endpoint was last seen.");
    }

    public void Dispose()
    {
        states = [];
        own?.Dispose();
    }

    private IEnumerable<Measurement<double>> Measure() => states.Select(state => new Measurement<double>(
        state.Age.TotalSeconds,
        new KeyValuePair<string, object?>(ChainAttribute, (long)state.ChainId),
        new KeyValuePair<string, object?>(EndpointAttribute, state.Endpoint)));
}
