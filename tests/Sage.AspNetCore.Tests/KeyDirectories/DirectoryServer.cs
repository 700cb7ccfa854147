using Microsoft.AspNetCore.Http;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.KeyDirectories;

/// <summary>A server on loopback whose answers a test can change while it runs.</summary>
internal sealed class DirectoryServer : IAsyncDisposable
{
    public static readonly EndpointPolicy Local = new() { AllowHttp = true, AllowLoopback = true };

    private readonly TestHost host;
    private readonly RequestLog log;

    private DirectoryServer(TestHost host, RequestLog log)
    {
        this.host = host;
        this.log = log;
    }

    public Uri Url => host.Url;

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref log.Count);

    /// <summary>What the next requests get.</summary>
    public RequestDelegate Answer
    {
        set => log.Answer = value;
    }

    public static async Task<DirectoryServer> StartAsync(RequestDelegate answer)
    {
        RequestLog log = new() { Answer = answer };
        TestHost host = await TestHost.StartAsync(context =>
        {
            Interlocked.Increment(ref log.Count);
            return log.Answer(context);
        });
        return new DirectoryServer(host, log);
    }

    /// <summary>An answer that is a directory of some keys.</summary>
    public static RequestDelegate Keys(string? cacheControl, params PublicKey[] keys) => context =>
        WriteAsync(context, new KeyDirectory(keys.Select(key => new DirectoryKey(key))).ToJson(), KeyDirectory.MediaType, cacheControl);

    public static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string mediaType, string? cacheControl = null)
    {
        context.Response.ContentType = mediaType;
        if (cacheControl is not null)
        {
            context.Response.Headers.CacheControl = cacheControl;
        }

        await context.Response.Body.WriteAsync(body);
    }

    /// <summary>The agent whose directory this server is.</summary>
    public SignatureAgent Agent() => Agent(Url.GetLeftPart(UriPartial.Authority), "directory");

    public SignatureAgent Agent(string pathOrUrl, string type)
    {
        string url = pathOrUrl.StartsWith('/') ? Url.GetLeftPart(UriPartial.Authority) + pathOrUrl : pathOrUrl;
        return SignatureAgent.TryParse([$"a=\"{url}\";type={type}"], Local, out IReadOnlyList<SignatureAgent> agents)
            ? agents.Single()
            : throw new ArgumentException(url);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private sealed class RequestLog
    {
        public int Count;

        public required RequestDelegate Answer { get; set; }
    }
}
