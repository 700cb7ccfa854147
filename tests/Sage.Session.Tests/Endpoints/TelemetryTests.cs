using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Endpoints;

/// <summary>One test per instrument, and what spans carry.</summary>
[TestFixture]
internal sealed class TelemetryTests
{
    [Test]
    public async Task Handshakes_are_timed_by_role_and_outcome()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        await (await pair.Client.OpenAsync(pair.Callee.Did)).DisposeAsync();
        pair.Directory.Publish(pair.Callee.Record(isActive: false));
        Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        using Initiation forged = pair.Initiation();
        forged.Signature = _ => new byte[64];
        await pair.SendAsync(forged.ToBody());

        Assert.That(collector.Of(SessionTelemetry.HandshakeDuration), Is.EquivalentTo(new[]
        {
            "role=initiator",
            "role=responder",
            "error.type=peer_not_found role=initiator",
            "error.type=signature_mismatch role=responder",
        }));
        Assert.That(collector.Unit(SessionTelemetry.HandshakeDuration), Is.EqualTo("s"));
    }

    [Test]
    public async Task Open_sessions_are_counted_on_both_sides()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That((collector.Sum(SessionTelemetry.Active, "initiator"), collector.Sum(SessionTelemetry.Active, "responder")), Is.EqualTo((1, 1)));
        await session.DisposeAsync();
        Assert.That((collector.Sum(SessionTelemetry.Active, "initiator"), collector.Sum(SessionTelemetry.Active, "responder")), Is.EqualTo((0, 1)));
        pair.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That(collector.Sum(SessionTelemetry.Active, "responder"), Is.Zero);
        Assert.That(collector.Unit(SessionTelemetry.Active), Is.EqualTo("{session}"));
    }

    [Test]
    public async Task The_life_of_a_session_is_timed_with_the_reason_of_its_end()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        AgentSession closed = await pair.Client.OpenAsync(pair.Callee.Did);
        AgentSession failed = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Time.Advance(TimeSpan.FromSeconds(30));
        await closed.DisposeAsync();
        pair.Transport.OnAnswer = (message, _) => WireResponse.Failed(message, "no");
        Assert.ThrowsAsync<SessionException>(async () => await failed.RequestAsync("x"u8.ToArray()));
        pair.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.That(collector.Of(SessionTelemetry.Duration), Is.EquivalentTo(new[]
        {
            "end_reason=closed role=initiator",
            "end_reason=error role=initiator",
            "end_reason=expired role=responder",
            "end_reason=expired role=responder",
        }));
        Assert.That(collector.Values(SessionTelemetry.Duration).Min(), Is.EqualTo(30));
        Assert.That(collector.Unit(SessionTelemetry.Duration), Is.EqualTo("s"));
    }

    [Test]
    public async Task Messages_and_their_sizes_are_counted_each_way()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        await TestPair.AskAsync(session, "hello");

        string[] expected =
        [
            "message.direction=sent role=initiator",
            "message.direction=received role=responder",
            "message.direction=sent role=responder",
            "message.direction=received role=initiator",
        ];
        Assert.That(collector.Of(SessionTelemetry.Messages), Is.EquivalentTo(expected));
        Assert.That(collector.Of(SessionTelemetry.MessageSize), Is.EquivalentTo(expected));
        Assert.That(collector.Values(SessionTelemetry.MessageSize).Order(), Is.EqualTo(new[] { 5, 5, 10, 10 }));
        Assert.That((collector.Unit(SessionTelemetry.Messages), collector.Unit(SessionTelemetry.MessageSize)), Is.EqualTo(("{message}", "By")));
    }

    [Test]
    public async Task A_failed_message_says_why()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        using OpenRecordSession session = await OpenRecordSession.OpenAsync(pair);
        byte[] record = session.Seal("x");
        await session.SendAsync(record);
        await session.SendAsync(record);
        await session.SendAsync(record, e => e["signature"] = null);
        await session.SendAsync(record, e => e["metadata"] = new JsonObject { ["kid"] = "x" });
        pair.Handler = (_, _) => throw new InvalidOperationException();
        await session.SendAsync(session.Seal("y"));

        Assert.That(collector.Of(SessionTelemetry.Messages).Where(tags => tags.Contains("error", StringComparison.Ordinal)), Is.EquivalentTo(new[]
        {
            "error.type=replayed message.direction=received role=responder",
            "error.type=signature_mismatch message.direction=received role=responder",
            "error.type=session_not_found message.direction=received role=responder",
            "error.type=handler_failed message.direction=received role=responder",
        }));
    }

    [Test]
    public async Task Every_change_of_a_key_is_counted()
    {
        using Collector collector = new();
        using TestPair pair = new(meterFactory: collector);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        for (int i = 0; i < 256; i++)
        {
            await TestPair.AskAsync(session, "x");
        }

        Assert.That(collector.Of(SessionTelemetry.Rekeys), Is.Empty);
        await TestPair.AskAsync(session, "x");
        Assert.That(collector.Sum(SessionTelemetry.Rekeys, "initiator"), Is.EqualTo(2), "one for each direction");
        Assert.That(collector.Sum(SessionTelemetry.Rekeys, "responder"), Is.EqualTo(2));
        Assert.That(collector.Unit(SessionTelemetry.Rekeys), Is.EqualTo("{rekey}"));
    }

    [Test]
    public async Task Spans_name_the_peer_only_once_it_is_verified()
    {
        using SpanCollector spans = new();
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        await TestPair.AskAsync(session, "hello");
        using Initiation forged = pair.Initiation();
        forged.Signature = _ => new byte[64];
        await pair.SendAsync(forged.ToBody());

        string caller = pair.Caller.Did.Value;
        string callee = pair.Callee.Did.Value;
        Assert.That(spans.Seen, Is.EqualTo(new[]
        {
            $"handshake responder Server Unset {caller} ",
            $"handshake initiator Client Unset {callee} ",
            $"process session Server Unset {caller} ",
            $"request session Client Unset {callee} ",
            "handshake responder Server Error  signature_mismatch",
        }));
    }

    [Test]
    public async Task Spans_leave_the_peer_out_when_told_so()
    {
        using SpanCollector spans = new();
        using TestPair pair = new(configure: options => options.TracePeerDid = false);
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        await TestPair.AskAsync(session, "hello");
        Assert.That(string.Concat(spans.Seen), Does.Not.Contain("did:"));
        Assert.That(spans.Seen, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Without_a_factory_one_static_meter_is_used()
    {
        int measured = 0;
        using MeterListener meters = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == SessionTelemetry.MeterName && instrument.Meter.Scope is null)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref measured));
        meters.Start();
        using TestPair pair = new();
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(measured, Is.GreaterThanOrEqualTo(2));
    }

    /// <summary>A meter factory that collects what its own meters measure.</summary>
    private sealed class Collector : IMeterFactory
    {
        private readonly List<(string Instrument, string Unit, double Value, string Tags)> measured = [];
        private readonly List<Meter> meters = [];
        private readonly MeterListener listener = new();

        public Collector()
        {
            listener.InstrumentPublished = (instrument, owner) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, this))
                {
                    owner.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.Start();
        }

        public Meter Create(MeterOptions options)
        {
            Assert.That(options.Name, Is.EqualTo(SessionTelemetry.MeterName));
            options.Scope = this;
            Meter meter = new(options);
            meters.Add(meter);
            return meter;
        }

        public string[] Of(string instrument) => [.. Select(instrument).Select(entry => entry.Tags)];

        public double[] Values(string instrument) => [.. Select(instrument).Select(entry => entry.Value)];

        public string Unit(string instrument) => Select(instrument).First().Unit;

        public double Sum(string instrument, string role) =>
            Select(instrument).Where(entry => entry.Tags.Contains("role=" + role, StringComparison.Ordinal)).Sum(entry => entry.Value);

        public void Dispose()
        {
            listener.Dispose();
            meters.ForEach(meter => meter.Dispose());
        }

        private (string Instrument, string Unit, double Value, string Tags)[] Select(string instrument)
        {
            lock (measured)
            {
                return [.. measured.Where(entry => entry.Instrument == instrument)];
            }
        }

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(' ', tags.ToArray()
                .Select(tag => $"{tag.Key.Replace("sage.session.", "", StringComparison.Ordinal)}={tag.Value}").Order(StringComparer.Ordinal));
            lock (measured)
            {
                measured.Add((instrument.Name, instrument.Unit!, value, text));
            }
        }
    }

    private sealed class SpanCollector : IDisposable
    {
        private readonly ActivityListener listener;

        public SpanCollector()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SessionTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Seen.Add(
                    $"{activity.OperationName} {activity.Kind} {activity.Status} {activity.GetTagItem(SessionTelemetry.PeerDidAttribute)} {activity.GetTagItem(SessionTelemetry.ErrorTypeAttribute)}"),
            };
            ActivitySource.AddActivityListener(listener);
        }

        public List<string> Seen { get; } = [];

        public void Dispose() => listener.Dispose();
    }
}
