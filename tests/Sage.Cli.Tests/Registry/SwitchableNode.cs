using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sage.Cli.Tests.Registry;

/// <summary>Something on the way to a node that can be switched off and on.</summary>
internal sealed class SwitchableNode : IAsyncDisposable
{
    private readonly HttpClient client = new();
    private readonly WebApplication app;
    private volatile bool isDown;
    private int refused;

    private SwitchableNode(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public bool IsDown
    {
        get => isDown;
        set => isDown = value;
    }

    /// <summary>How many requests came while it was off.</summary>
    public int Refused => Volatile.Read(ref refused);

    public static async Task<SwitchableNode> StartAsync(Uri node)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        SwitchableNode made = new(app);
        app.MapPost("/", context => made.ForwardAsync(context, node));
        await app.StartAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, Uri node)
    {
        if (isDown)
        {
            Interlocked.Increment(ref refused);

            // A status that is not tried again within one request, so that the watch itself has to.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using StreamContent content = new(context.Request.Body);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage answer = await client.PostAsync(node, content);
        context.Response.ContentType = "application/json";
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
