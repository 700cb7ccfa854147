using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sage.Did;

namespace Sage.Session;

/// <summary>The instruments and the activity source of this package.</summary>
internal sealed class SessionInstruments
{
    public static readonly ActivitySource Source = new(SessionTelemetry.ActivitySourceName, Version);

    private const int RecordsPerKey = 256;
    private static readonly Lazy<SessionInstruments> Shared = new(() => new SessionInstruments(new Meter(SessionTelemetry.MeterName, Version)));

    private readonly Histogram<double> handshakeDuration;
    private readonly UpDownCounter<long> active;
    private readonly Histogram<double> duration;
    private readonly Counter<long> messages;
    private readonly Histogram<long> messageSize;
    private readonly Counter<long> rekeys;
    private readonly Histogram<double> storeDuration;

    private SessionInstruments(Meter meter)
    {
        handshakeDuration = meter.CreateHistogram(
            SessionTelemetry.HandshakeDuration, "s", "How long handshakes took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        active = meter.CreateUpDownCounter<long>(SessionTelemetry.Active, "{session}", "Open sessions.");
        duration = meter.CreateHistogram(
            SessionTelemetry.Duration, "s", "How long sessions lived.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600] });
        messages = meter.CreateCounter<long>(SessionTelemetry.Messages, "{message}", "Messages sent and received.");
        messageSize = meter.CreateHistogram(
            SessionTelemetry.MessageSize, "By", "Size of messages before encryption.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576] });
        rekeys = meter.CreateCounter<long>(SessionTelemetry.Rekeys, "{rekey}", "Changes of a record key.");
        storeDuration = meter.CreateHistogram(
            SessionTelemetry.StoreDuration, "s", "How long the session store took to answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
    }

    private static string? Version => typeof(SessionInstruments).Assembly.GetName().Version?.ToString();

    /// <summary>Instruments of a factory's meter, or of one static meter when there is no factory.</summary>
    public static SessionInstruments Create(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : new SessionInstruments(factory.Create(new MeterOptions(SessionTelemetry.MeterName) { Version = Version }));

    public static void MarkFailed(Activity? span, string errorType) =>
        span?.SetStatus(ActivityStatusCode.Error).SetTag(SessionTelemetry.ErrorTypeAttribute, errorType);

    /// <summary>Names the peer on a span; only after it has been verified.</summary>
    public static void TagPeer(Activity? span, AgentDid peer, AgentSessionOptions options)
    {
        if (span is { IsAllDataRequested: true } && options.TracePeerDid)
        {
            span.SetTag(SessionTelemetry.PeerDidAttribute, peer.Value);
        }
    }

    public void HandshakeEnded(SessionRole role, TimeSpan elapsed, string? errorType)
    {
        TagList tags = new() { { SessionTelemetry.RoleAttribute, Name(role) } };
        AddError(ref tags, errorType);
        handshakeDuration.Record(elapsed.TotalSeconds, tags);
    }

    public void SessionStarted(SessionRole role) => active.Add(1, new KeyValuePair<string, object?>(SessionTelemetry.RoleAttribute, Name(role)));

    public void SessionEnded(SessionRole role, TimeSpan lifetime, SessionEndReason reason)
    {
        active.Add(-1, new KeyValuePair<string, object?>(SessionTelemetry.RoleAttribute, Name(role)));
        if (reason == SessionEndReason.Released)
        {
            return;
        }

        string reasonName = reason switch
        {
            SessionEndReason.Closed => "closed",
            SessionEndReason.Expired => "expired",
            SessionEndReason.Revoked => "revoked",
            _ => "error",
        };
        duration.Record(lifetime.TotalSeconds, new TagList { { SessionTelemetry.RoleAttribute, Name(role) }, { SessionTelemetry.EndReasonAttribute, reasonName } });
    }

    public void Sent(SessionRole role, int size, ReadOnlySpan<byte> record) => Passed(role, "sent", size, record);

    public void Received(SessionRole role, int size, ReadOnlySpan<byte> record) => Passed(role, "received", size, record);

    /// <summary>Counts a message that did not arrive, or did not open: at the initiator that is the reply.</summary>
    public void ReceiveFailed(SessionRole role, string errorType) => messages.Add(1, new TagList
    {
        { SessionTelemetry.RoleAttribute, Name(role) },
        { SessionTelemetry.DirectionAttribute, "received" },
        { SessionTelemetry.ErrorTypeAttribute, errorType },
    });

    public void StoreCalled(string operation, TimeSpan elapsed, string? errorType)
    {
        TagList tags = new() { { SessionTelemetry.StoreOperationAttribute, operation } };
        AddError(ref tags, errorType);
        storeDuration.Record(elapsed.TotalSeconds, tags);
    }

    private void Passed(SessionRole role, string direction, int size, ReadOnlySpan<byte> record)
    {
        TagList tags = new() { { SessionTelemetry.RoleAttribute, Name(role) }, { SessionTelemetry.DirectionAttribute, direction } };
        messages.Add(1, tags);
        messageSize.Record(size, tags);

        // The first record of a generation shows in its sequence number (SAGE profile P1 §5.3).
        ulong sequence = BinaryPrimitives.ReadUInt64BigEndian(record);
        if (sequence > 0 && sequence % RecordsPerKey == 0)
        {
            rekeys.Add(1, new KeyValuePair<string, object?>(SessionTelemetry.RoleAttribute, Name(role)));
        }
    }

    private static void AddError(ref TagList tags, string? errorType)
    {
        if (errorType is not null)
        {
            tags.Add(SessionTelemetry.ErrorTypeAttribute, errorType);
        }
    }

    private static string Name(SessionRole role) => role == SessionRole.Initiator ? "initiator" : "responder";
}
