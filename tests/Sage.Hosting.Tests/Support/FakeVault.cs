using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sage.Hosting.Tests.Support;

/// <summary>
/// A server that answers as the documentation of Vault's HTTP API says: the key-value engine, version 2, and the AppRole login. Not a
/// Vault.
/// </summary>
internal sealed class FakeVault : IAsyncDisposable
{
    public const string Token = "hvs.canary-token-4711";
    public const string SecretId = "canary-secret-id-4712";
    public const string Secret = "Host=db;Password=canary-4713";

    private readonly WebApplication app;
    private bool isGone;

    private FakeVault(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    /// <summary>Answers in place of the server, if set.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public ConcurrentQueue<(string Method, string Path, string? Namespace, string? Request)> Seen { get; } = new();

    public static async Task<FakeVault> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        FakeVault vault = new(builder.Build());
        vault.app.Run(vault.AnswerAsync);
        await vault.app.StartAsync();
        return vault;
    }

    /// <summary>A source that reads from here with a token in a file.</summary>
    public VaultSecretSource Source(Action<VaultOptions>? configure = null)
    {
        VaultOptions options = new() { Address = Address, Token = "file:" + Identity.Write("vault-token", System.Text.Encoding.ASCII.GetBytes(Token)), Timeout = TimeSpan.FromSeconds(20) };
        configure?.Invoke(options);
        return new VaultSecretSource(new VaultConnection(options, new SecretSources([new FileSecretSource(), new EnvironmentSecretSource()])));
    }

    public async ValueTask DisposeAsync()
    {
        if (isGone)
        {
            return;
        }

        isGone = true;
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Seen.Enqueue((request.Method, request.Path, request.Headers["X-Vault-Namespace"], request.Headers["X-Vault-Request"]));
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        if (request.Method == "POST" && request.Path == "/v1/auth/approle/login")
        {
            using StreamReader body = new(request.Body);
            bool isRight = await body.ReadToEndAsync() == $$"""{"role_id":"sage","secret_id":"{{SecretId}}"}""";
            await JsonAsync(context, isRight ? 200 : 400, isRight
                ? $$$"""{"request_id":"1","auth":{"client_token":"{{{Token}}}","accessor":"a","policies":["default"],"lease_duration":3600,"renewable":true}}"""
                : """{"errors":["invalid role or secret ID"]}""");
            return;
        }

        if (request.Headers["X-Vault-Token"] != Token)
        {
            await JsonAsync(context, 403, """{"errors":["permission denied"]}""");
            return;
        }

        await (request.Path.Value switch
        {
            "/v1/secret/data/sage" => JsonAsync(context, 200, $$$"""
                {"request_id":"2","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{"pg":"{{{Secret}}}","number":7,"empty":"","umlaut":"\u00fc","half":"\ud800"},"metadata":{"created_time":"2026-01-01T00:00:00Z","custom_metadata":null,"deletion_time":"","destroyed":false,"version":3}},"wrap_info":null,"warnings":null,"auth":null}
                """),
            "/v1/secret/data/deleted" => JsonAsync(context, 404, """{"data":{"data":null,"metadata":{"deletion_time":"2026-01-02T00:00:00Z","destroyed":false,"version":1}}}"""),
            "/v1/old/sage" => JsonAsync(context, 200, $$$"""{"data":{"pg":"{{{Secret}}}"}}"""),
            _ => JsonAsync(context, 404, """{"errors":[]}"""),
        });
    }

    public static Task JsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
