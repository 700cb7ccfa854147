using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sage.AspNetCore;

/// <summary>A health report as JSON. Descriptions and exceptions stay out: they may name what a stranger need not know.</summary>
internal static class HealthJson
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            Write(json, report.Status, report.TotalDuration);
            json.WriteStartArray("checks");
            foreach ((string name, HealthReportEntry entry) in report.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                Write(json, entry.Status, entry.Data.TryGetValue(CachedHealthCheck.Duration, out object? taken) ? (TimeSpan)taken : entry.Duration);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    private static void Write(Utf8JsonWriter json, HealthStatus status, TimeSpan duration)
    {
        json.WriteString("status", status.ToString());
        json.WriteNumber("duration", Math.Round(duration.TotalSeconds, 6));
    }
}
