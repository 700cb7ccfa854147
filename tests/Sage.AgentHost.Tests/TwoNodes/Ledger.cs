using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>The application behind both nodes: it counts what it is told and answers the same. A message that begins with "hold" waits.</summary>
internal sealed class Ledger : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, int> seen = new();
    private readonly ConcurrentDictionary<string, string> traces = new();
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Ledger()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    public string Address => application.Urls.Single();

    /// <summary>Ends when a message is held.</summary>
    public Task Held => held.Task;

    public static async Task<Ledger> StartAsync()
    {
        Ledger ledger = new();
        await ledger.application.StartAsync();
        return ledger;
    }

    /// <summary>How often the application was told a message.</summary>
    public int Count(string message) => seen.GetValueOrDefault(message);

    /// <summary>The header <c>traceparent</c> with which the application was told a message.</summary>
    public string? TraceOf(string message) => traces.GetValueOrDefault(message);

    public void Release()
    {
        released.SetResult();
        held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using StreamReader body = new(context.Request.Body, Encoding.UTF8);
        string message = await body.ReadToEndAsync();
        traces[message] = context.Request.Headers.TraceParent.ToString();
        seen.AddOrUpdate(message, 1, static (_, count) => count + 1);
        if (message.StartsWith("hold", StringComparison.Ordinal))
        {
            Task release = released.Task;
            held.SetResult();
            await release;
        }

        await context.Response.WriteAsync(message);
    }
}
