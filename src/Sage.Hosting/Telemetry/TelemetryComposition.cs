using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sage.Hosting;

/// <summary>Registers the exporters that the configuration asks for. Without any, nothing is collected.</summary>
internal sealed class TelemetryComposition(IServiceCollection services, TelemetryOptions options)
{
    // Meters and sources are named like their packages.
    private static readonly string[] Packages =
        ["Sage.Did", "Sage.Did.Ethereum", "Sage.Session", "Sage.HttpSignatures", "Sage.PostgreSql", "Sage.Sqlite", "Sage.Redis"];

    private static readonly string[] Servers = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public void Compose()
    {
        if (!options.Prometheus && options.OtlpEndpoint is null)
        {
            return;
        }

        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sage-agent-host", serviceInstanceId: Environment.MachineName))
            .WithMetrics(AddMetrics);
        if (options.OtlpEndpoint is not null)
        {
            telemetry.WithTracing(AddTraces);
        }
    }

    private void AddMetrics(MeterProviderBuilder metrics)
    {
        metrics.AddMeter([.. Packages, .. Servers]);
        if (options.Prometheus)
        {
            // The page names the process already; the name of the meter is in the name of the metric.
            metrics.AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);
        }

        if (options.OtlpEndpoint is { } endpoint)
        {
            metrics.AddOtlpExporter(exporter => Send(exporter, endpoint, "v1/metrics"));
        }
    }

    private void AddTraces(TracerProviderBuilder traces) => traces
        .AddSource(Packages)
        .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !IsProbe(context.Request.Path))
        .AddHttpClientInstrumentation()
        .AddOtlpExporter(exporter => Send(exporter, options.OtlpEndpoint!, "v1/traces"));

    // Over HTTP a collector has a path for each signal; the setting is its base.
    private static void Send(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");
}
