namespace Sage.Hosting;

/// <summary>Where metrics and traces go.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Whether metrics can be scraped by Prometheus.</summary>
    public bool Prometheus { get; set; }

    /// <summary>The http or https URL of a collector that takes OTLP; nothing is sent without one.</summary>
    public Uri? OtlpEndpoint { get; set; }
}
