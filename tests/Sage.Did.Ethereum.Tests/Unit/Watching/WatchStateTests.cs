using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Sage.Did.Ethereum.Tests.Unit.Watching;

internal sealed class WatchStateTests
{
    [Test]
    public void A_change_is_logged_once_and_blindness_when_it_outlasts_the_cache()
    {
        FakeTimeProvider time = new();
        WatchedHost.EventLog log = new();
        WatchState state = new(1, 1, 1, time, log);
        state.Saw(10);
        state.Saw(11);
        for (int minute = 0; minute < 8; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            state.Failed(new EthereumRpcException(EthereumRpcError.Unreachable, "down"), TimeSpan.FromMinutes(5));
            Assert.That(log.Count(7112), Is.EqualTo(minute < 5 ? 0 : 1), $"minute {minute + 1}");
        }

        state.Saw(12);
        Assert.That((log.Count(7110), log.Count(7111), state.Age), Is.EqualTo((2, 1, TimeSpan.Zero)));
    }

    [Test]
    public void The_gauge_shows_the_age_of_each_endpoint_until_it_is_disposed()
    {
        FakeTimeProvider time = new();
        WatchState[] states = [.. Enumerable.Range(1, 2).Select(endpoint => new WatchState(7, endpoint, 2, time, new WatchedHost.EventLog()))];
        WatchGauge gauge = new(states, null);
        Dictionary<string, double> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "sage.did.ethereum.watch.age" && instrument.Meter.Name == "Sage.Did.Ethereum" && instrument.Unit == "s")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => seen[string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))] = value);
        listener.Start();
        time.Advance(TimeSpan.FromSeconds(30));
        states[1].Saw(1);
        listener.RecordObservableInstruments();
        Assert.That(seen, Is.SupersetOf(new Dictionary<string, double>
        {
            ["sage.did.ethereum.chain_id=7 sage.did.ethereum.endpoint=1"] = 30,
            ["sage.did.ethereum.chain_id=7 sage.did.ethereum.endpoint=2"] = 0,
        }));
        seen.Clear();
        gauge.Dispose();
        listener.RecordObservableInstruments();
        Assert.That(seen.Keys, Has.None.Contains("chain_id=7"));
    }
}
