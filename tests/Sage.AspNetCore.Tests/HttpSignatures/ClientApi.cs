using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>What a client of <see cref="HttpClient"/> calls: Kestrel on loopback, with the authentication scheme and endpoints that misbehave.</summary>
internal sealed class ClientApi : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly PrivateKey key;
    private readonly HttpMessageSigner signer;

    private ClientApi(WebApplication app, PrivateKey key)
    {
        this.app = app;
        this.key = key;
        Did = DidKeyResolver.Create(key.PublicKey).Value;
        signer = new HttpMessageSigner(new KeySigner(key), Did);
    }

    /// <summary>The DID that signs responses.</summary>
    public string Did { get; }

    public Uri Url => new(app.Urls.First());

    /// <summary>The same application over HTTP/2 without TLS.</summary>
    public Uri Http2Url => new(app.Urls.Last());

    /// <summary>The fields of every request that arrived, by path.</summary>
    public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, StringValues> Fields, string Protocol)> Seen { get; } = new();

    public static async Task<ClientApi> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSage().AddDidKey();
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        ClientApi api = new(app, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        api.Map();
        await app.StartAsync();
        return api;
    }

    public (string Path, IReadOnlyDictionary<string, StringValues> Fields, string Protocol)[] SeenAt(string path) => [.. Seen.Where(seen => seen.Path == path)];

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        key.Dispose();
    }

    private void Map()
    {
        app.Use((context, next) =>
        {
            Seen.Enqueue((context.Request.Path, new Dictionary<string, StringValues>(context.Request.Headers, StringComparer.OrdinalIgnoreCase), context.Request.Protocol));
            return next(context);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        int busy = 0;
        app.MapPost("/echo", EchoAsync).RequireHttpSignature();
        app.MapPost("/busy", async context =>
        {
            if (Interlocked.Increment(ref busy) % 3 != 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await EchoAsync(context);
        }).RequireHttpSignature();
        app.MapPost("/tagged", EchoAsync).RequireHttpSignature(SignaturePolicy.Default with { Name = "tagged", Tag = "app" });
        app.MapPost("/task", EchoAsync).RequireHttpSignature(SignaturePolicy.Default with
        {
            Name = "task",
            RequestComponents = [.. SignaturePolicy.Default.RequestComponents, SignatureComponent.Field("x-task")],
        });
        app.MapPost("/never", context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers[AcceptSignature.FieldName] = $"sig1=();nonce=\"{Seen.Count}\"";
            return Task.CompletedTask;
        });
        app.Map("/moved", context =>
        {
            context.Response.Redirect(context.Request.Query["to"]!);
            return Task.CompletedTask;
        });
        app.Map("/signed", context => AnswerAsync(context, "hello", "hello"));
        app.Map("/changed", context => AnswerAsync(context, "hello", "hallo"));
        app.Map("/unsigned", context => context.Response.WriteAsync("hello"));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        await context.Response.WriteAsync($"{context.User.Identity!.Name}: {await reader.ReadToEndAsync()}");
    }

    /// <summary>Signs one body and sends another.</summary>
    private async Task AnswerAsync(HttpContext context, string signed, string sent)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/plain";
        response.Headers[ContentDigest.FieldName] = ContentDigest.Compute(Encoding.UTF8.GetBytes(signed));
        SignatureFields fields = await signer.SignAsync(SignatureContext.ForResponse(
            response.StatusCode,
            name => response.Headers.TryGetValue(name, out StringValues lines) ? lines : StringValues.Empty,
            IncomingRequest.Describe(context, publicOrigin: null),
            BodyPresence.Present,
            (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(Encoding.UTF8.GetBytes(signed))));
        response.Headers[SignatureFields.InputName] = fields.SignatureInput;
        response.Headers[SignatureFields.SignatureName] = fields.Signature;
        await response.WriteAsync(sent);
    }
}
