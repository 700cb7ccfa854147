using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>One test per instrument, and what none of them says.</summary>
[TestFixture]
internal sealed class TelemetryTests
{
    [Test]
    public async Task Signing_is_timed_by_message_algorithm_and_outcome()
    {
        using Collector collector = new();
        using Bench bench = new(meters: collector);
        TestMessage request = await bench.SignAsync(TestMessage.Json());
        await bench.SignAsync(TestMessage.Answer(request));
        Assert.ThrowsAsync<SignatureException>(async () => await bench.SignAsync(TestMessage.Json().Set("Content-Digest", null)));
        HttpMessageSigner failing = new(new FailingSigner(bench.Key.PublicKey), Bench.KeyId, timeProvider: bench.Time, meterFactory: collector);
        Assert.ThrowsAsync<IOException>(async () => await failing.SignAsync(TestMessage.Json().ToContext()));

        Assert.That(collector.Of(HttpSignatureTelemetry.SignDuration), Is.EqualTo(new[]
        {
            "sage.http_signature.message=request sage.key.algorithm=ed25519",
            "sage.http_signature.message=response sage.key.algorithm=ed25519",
            "error.type=component_missing sage.http_signature.message=request sage.key.algorithm=ed25519",
            "error.type=System.IO.IOException sage.http_signature.message=request sage.key.algorithm=ed25519",
        }));
        Assert.That(collector.Units, Is.EqualTo(new[] { "s" }));
    }

    [Test]
    public async Task Verifying_is_timed_by_message_algorithm_and_outcome()
    {
        using Collector collector = new();
        using Bench bench = new(KeyAlgorithm.P256, meters: collector);
        TestMessage request = await bench.SignAsync(TestMessage.Json());
        await bench.VerifyAsync(request);
        await bench.VerifyAsync(request);
        await bench.VerifyAsync(TestMessage.Get());
        await bench.VerifyAsync(await bench.SignAsync(TestMessage.Answer(request)));

        Assert.That(collector.Of(HttpSignatureTelemetry.VerifyDuration), Is.EqualTo(new[]
        {
            "sage.http_signature.message=request sage.key.algorithm=ecdsa-p256-sha256",
            "error.type=replayed sage.http_signature.message=request",
            "error.type=not_signed sage.http_signature.message=request",
            "sage.http_signature.message=response sage.key.algorithm=ecdsa-p256-sha256",
        }));
    }

    [Test]
    public async Task Nothing_names_a_signer_a_nonce_or_a_target()
    {
        using Collector collector = new();
        using Bench bench = new(meters: collector);
        using Activity span = new Activity("test").Start();
        TestMessage request = await bench.SignAsync(TestMessage.Json(), overrides: new SigningOverrides { Nonce = "the-nonce", Tag = "the-tag" });
        await bench.VerifyAsync(request);
        await bench.VerifyAsync(request);
        await bench.VerifyAsync(request.Set("Signature", "sig1=:AAAA:"));

        string told = string.Join(' ', collector.All.Concat(span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));

        Assert.That(told, Does.Contain("request").And.Contain("bad_signature"));
        foreach (string secret in new[] { "did:", "alice", "the-nonce", "the-tag", "example.com", "orders", bench.Key.PublicKey.Thumbprint })
        {
            Assert.That(told, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task The_current_span_says_how_it_ended()
    {
        using Bench bench = new();
        List<object?> results = [];
        TestMessage request = await bench.SignAsync(TestMessage.Json());
        foreach (TestMessage message in new[] { request, request, TestMessage.Get() })
        {
            using Activity span = new Activity("test").Start();
            await bench.VerifyAsync(message);
            results.Add(span.GetTagItem(HttpSignatureTelemetry.ResultAttribute));
        }

        Assert.That(results, Is.EqualTo(new[] { "valid", "invalid", "absent" }));
    }

    [Test]
    public async Task Without_a_factory_one_static_meter_is_used()
    {
        int measured = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, owner) =>
            {
                if (instrument.Meter.Name == HttpSignatureTelemetry.MeterName && instrument.Meter.Scope is null)
                {
                    owner.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref measured));
        listener.Start();
        using Bench bench = new();
        await bench.VerifyAsync(await bench.SignAsync(TestMessage.Get()));

        Assert.That(measured, Is.GreaterThanOrEqualTo(2));
    }

    private sealed class FailingSigner(PublicKey key) : ISigner
    {
        public PublicKey PublicKey => key;

        public ValueTask<byte[]> SignAsync(SigningPurpose purpose, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
            throw new IOException();
    }

    /// <summary>A meter factory that collects what its own meters measure.</summary>
    private sealed class Collector : IMeterFactory
    {
        private readonly List<(string Instrument, string? Unit, string Tags)> measured = [];
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
            listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
                measured.Add((instrument.Name, instrument.Unit, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)))));
            listener.Start();
        }

        public string?[] Units => [.. measured.Select(entry => entry.Unit).Distinct()];

        public IEnumerable<string> All => measured.Select(entry => entry.Tags);

        public string[] Of(string instrument) => [.. measured.Where(entry => entry.Instrument == instrument).Select(entry => entry.Tags)];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            Meter meter = new(options);
            meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            listener.Dispose();
            meters.ForEach(meter => meter.Dispose());
        }
    }
}
