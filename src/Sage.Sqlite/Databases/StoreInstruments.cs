using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sage.Databases;

/// <summary>Measures operations of stores: how long each took and why it failed. No attribute comes from a row.</summary>
internal sealed class StoreInstruments(ActivitySource source, Meter meter, string durationName)
{
    private readonly Histogram<double> duration = meter.CreateHistogram(
        durationName, "s", "How long operations on the database took.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    /// <summary>Runs an operation and records it. What the driver throws is given to the caller as <paramref name="wrap"/> says.</summary>
    public async ValueTask<T> MeasureAsync<T>(string operation, Func<ValueTask<T>> run, Func<Exception, (string ErrorType, Exception? Replacement)> wrap)
    {
        using Activity? activity = source.StartActivity(operation.Replace('_', ' '), ActivityKind.Client);
        long start = Stopwatch.GetTimestamp();
        try
        {
            T result = await run().ConfigureAwait(false);
            duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("sage.store.operation", operation));
            return result;
        }
        catch (Exception exception)
        {
            (string errorType, Exception? replacement) = wrap(exception);
            duration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                new KeyValuePair<string, object?>("sage.store.operation", operation), new KeyValuePair<string, object?>("error.type", errorType));
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", errorType);
            if (replacement is not null)
            {
                throw replacement;
            }

            throw;
        }
    }
}
