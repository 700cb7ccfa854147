using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;

namespace Sage.HttpSignatures.Internal;

/// <summary>The instruments of this package.</summary>
internal sealed class SignatureInstruments
{
    private static readonly Lazy<SignatureInstruments> Shared =
        new(() => new SignatureInstruments(new Meter(HttpSignatureTelemetry.MeterName, Version)));

    private static readonly FrozenDictionary<SignatureError, string> ErrorTypes =
        Enum.GetValues<SignatureError>().ToFrozenDictionary(error => error, error => SnakeCase(error.ToString()));

    private readonly Histogram<double> sign;
    private readonly Histogram<double> verify;

    private SignatureInstruments(Meter meter)
    {
        InstrumentAdvice<double> advice = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] };
        sign = meter.CreateHistogram(HttpSignatureTelemetry.SignDuration, "s", "How long signing messages took.", advice: advice);
        verify = meter.CreateHistogram(HttpSignatureTelemetry.VerifyDuration, "s", "How long verifying messages took.", advice: advice);
    }

    private static string? Version => typeof(SignatureInstruments).Assembly.GetName().Version?.ToString();

    /// <summary>Instruments of a factory's meter, or of one static meter when there is no factory.</summary>
    public static SignatureInstruments Create(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : new SignatureInstruments(factory.Create(new MeterOptions(HttpSignatureTelemetry.MeterName) { Version = Version }));

    /// <summary>How an error is called in metrics.</summary>
    public static string ErrorType(SignatureError error) => ErrorTypes[error];

    public void Signed(bool isResponse, string algorithm, TimeSpan elapsed, string? failure) => Record(sign, isResponse, algorithm, elapsed, failure);

    public void Verified(bool isResponse, SignatureVerificationResult result, TimeSpan elapsed)
    {
        Record(verify, isResponse, result.Signature?.Algorithm, elapsed, result.IsValid ? null : ErrorType(result.Error));
        Activity.Current?.SetTag(HttpSignatureTelemetry.ResultAttribute, result.Error switch
        {
            SignatureError.None => "valid",
            SignatureError.NotSigned => "absent",
            _ => "invalid",
        });
    }

    private static void Record(Histogram<double> histogram, bool isResponse, string? algorithm, TimeSpan elapsed, string? failure)
    {
        if (!histogram.Enabled)
        {
            return;
        }

        TagList tags = new() { { HttpSignatureTelemetry.MessageAttribute, isResponse ? "response" : "request" } };
        if (algorithm is not null)
        {
            tags.Add(HttpSignatureTelemetry.AlgorithmAttribute, algorithm);
        }

        if (failure is not null)
        {
            tags.Add(HttpSignatureTelemetry.ErrorTypeAttribute, failure);
        }

        histogram.Record(elapsed.TotalSeconds, tags);
    }

    private static string SnakeCase(string name)
    {
        StringBuilder text = new(name.Length + 4);
        foreach (char character in name)
        {
            if (char.IsAsciiLetterUpper(character) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}
