using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class TelemetryTests
{
    private readonly List<(string Instrument, double Value, string Tags)> measurements = [];
    private TestMeterFactory meters = null!;
    private MeterListener listener = null!;
    private TestAgent agent = null!;
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        measurements.Clear();
        meters = new TestMeterFactory();
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (meters.Made.Contains(instrument.Meter))
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            string text = string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
            lock (measurements)
            {
                measurements.Add((instrument.Name, value, text));
            }
        });
        listener.Start();
        agent = new TestAgent();
        folder = new TemporaryFolder();
    }

    [TearDown]
    public void TearDown()
    {
        listener.Dispose();
        meters.Dispose();
        agent.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task Every_source_counts_its_resolutions_by_method_and_outcome()
    {
        InMemoryAgentRegistry memory = new InMemoryAgentRegistry([agent.Record()], meterFactory: meters);
        FileAgentRegistry file = new FileAgentRegistry(folder.File("agents.json"), meterFactory: meters);
        DidKeyResolver key = new DidKeyResolver(meterFactory: meters);
        await memory.ResolveAsync(agent.Did);
        await file.ResolveAsync(agent.Did);
        await file.ResolveAsync(AgentDid.Parse("did:anything:x"));
        await key.ResolveAsync(AgentDid.Parse("did:key:z"));
        Assert.That(Tags(DidTelemetry.ResolveDuration), Is.EqualTo(new[]
        {
            "sage.did.cache.hit=False sage.did.method=sage",
            "error.type=not_found sage.did.cache.hit=False sage.did.method=sage",
            "error.type=method_not_supported sage.did.cache.hit=False sage.did.method=_OTHER",
            "error.type=invalid sage.did.cache.hit=False sage.did.method=key",
        }));
        Assert.That(Tags(DidTelemetry.DocumentAge), Is.EqualTo(new[] { "sage.did.method=sage" }));
    }

    [Test]
    public async Task A_source_that_fails_is_counted_as_unreachable()
    {
        string path = folder.File("agents.json");
        await File.WriteAllTextAsync(path, "{");
        FileAgentRegistry file = new(path, meterFactory: meters);
        Assert.That(() => file.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(Tags(DidTelemetry.ResolveDuration), Is.EqualTo(new[] { "error.type=unreachable sage.did.cache.hit=False sage.did.method=sage" }));
    }

    [Test]
    public async Task The_cache_counts_its_hits_and_how_old_they_are()
    {
        FakeTimeProvider clock = new(TestAgent.Born);
        CachingDidResolver cache = new(new InMemoryAgentRegistry([agent.Record()], clock, meterFactory: meters), timeProvider: clock, meterFactory: meters);
        await cache.ResolveAsync(agent.Did);
        clock.Advance(TimeSpan.FromSeconds(42));
        await cache.ResolveAsync(agent.Did);
        Assert.That(Tags(DidTelemetry.ResolveDuration), Is.EqualTo(new[]
        {
            "sage.did.cache.hit=False sage.did.method=sage",
            "sage.did.cache.hit=True sage.did.method=sage",
        }));
        Assert.That(measurements.Where(m => m.Instrument == DidTelemetry.DocumentAge).Select(m => m.Value), Is.EqualTo(new[] { 0.0, 42.0 }));
    }

    [Test]
    public async Task A_look_up_that_is_given_up_is_counted()
    {
        FakeTimeProvider clock = new(TestAgent.Born);
        FakeSource source = new(clock) { Gate = new TaskCompletionSource().Task };
        CachingDidResolver cache = new(source, timeProvider: clock, meterFactory: meters);
        Task<DidResolution> waiting = cache.ResolveAsync(agent.Did).AsTask();
        await source.Begun.Task;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(async () => await waiting, Throws.TypeOf<DidResolutionException>());
        Assert.That(Tags(DidTelemetry.ResolveDuration), Is.EqualTo(new[] { "error.type=unreachable sage.did.cache.hit=False sage.did.method=sage" }));
        Assert.That(measurements.Single().Value, Is.EqualTo(10));
    }

    [Test]
    public async Task Reading_the_file_is_a_span_and_its_failure_an_error()
    {
        List<Activity> spans = [];
        using ActivityListener activities = new()
        {
            ShouldListenTo = source => source.Name == DidTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(activities);
        string path = folder.File("agents.json");
        FileAgentRegistry file = new(path);
        await file.ResolveAsync(agent.Did);
        await File.WriteAllTextAsync(path, "{");
        Assert.That(() => file.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(spans.Select(span => (span.OperationName, span.Kind, span.Status, span.GetTagItem("error.type"))), Is.EqualTo(new[]
        {
            ("resolve sage", ActivityKind.Internal, ActivityStatusCode.Unset, (object?)null),
            ("resolve sage", ActivityKind.Internal, ActivityStatusCode.Error, "unreachable"),
        }));
    }

    [Test]
    public async Task No_measurement_names_an_agent()
    {
        InMemoryAgentRegistry memory = new InMemoryAgentRegistry([agent.Record()], meterFactory: meters);
        await memory.ResolveAsync(agent.Did);
        Assert.That(measurements, Is.Not.Empty);
        Assert.That(measurements.Select(m => m.Tags), Has.None.Contains("0x").And.None.Contains("did:"));
    }

    private string[] Tags(string instrument) => [.. measurements.Where(m => m.Instrument == instrument).Select(m => m.Tags)];

    private sealed class TestMeterFactory : IMeterFactory
    {
        public List<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Meter meter = new(options);
            Made.Add(meter);
            return meter;
        }

        public void Dispose() => Made.ForEach(meter => meter.Dispose());
    }
}
