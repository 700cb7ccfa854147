using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Sage.Did;
using Sage.Hosting.Tests.Support;
using Sage.Session;

namespace Sage.Hosting.Tests.Telemetry;

/// <summary>Whether one trace goes through two agents, and reaches a collector.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class TraceTests
{
    [Test]
    public async Task Signed_requests_and_sessions_of_two_agents_are_one_trace()
    {
        ConcurrentQueue<byte[]> received = new();
        await using WebApplication collector = await CollectAsync(received);
        (string, string) otlp = ("Telemetry:OtlpEndpoint", collector.Urls.First());
        InMemoryAgentRegistry registry = new();
        await using MonitoredAgent callee = await MonitoredAgent.StartAsync(registry, otlp);
        await using MonitoredAgent caller = await MonitoredAgent.StartAsync(registry, otlp);
        ConcurrentQueue<Activity> served = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            ActivityStopped = served.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        root.Start();

        using HttpClient client = new();
        using HttpRequestMessage signed = await caller.SignAsync(new Uri(callee.Url, "/whoami"));
        using HttpResponseMessage response = await client.SendAsync(signed);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await using (AgentSession session = await caller.Services.GetRequiredService<SessionClient>().OpenAsync(callee.Did))
        {
            await session.RequestAsync("hello"u8.ToArray());
        }

        root.Stop();
        Assert.That(callee.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000), Is.True);

        Activity[] joined = [.. served.Where(activity => activity.TraceId == root.TraceId)];
        Assert.That(joined, Has.Length.EqualTo(3), "one signed request, a handshake and a message");
        Assert.That(joined, Has.All.Property(nameof(Activity.HasRemoteParent)).True);
        byte[] trace = Convert.FromHexString(root.TraceId.ToHexString());
        Assert.That(received.Any(body => body.AsSpan().IndexOf(trace) >= 0), Is.True, "the collector got the trace");
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentQueue<byte[]> received)
    {
        WebApplication app = HostBuilding.Builder([]).Build();
        app.MapPost("/v1/{signal}", (RequestDelegate)(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
        }));
        await app.StartAsync();
        return app;
    }
}
