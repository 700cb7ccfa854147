using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>An agent's key directory on a free port of the loopback address, and a verifier that may read it there.</summary>
internal sealed class AgentDirectory : IAsyncDisposable
{
    private static readonly EndpointPolicy Local = new() { AllowHttp = true, AllowLoopback = true };

    private readonly WebApplication app;
    private readonly KeyDirectoryClient client;

    private AgentDirectory(WebApplication app)
    {
        this.app = app;
        client = new KeyDirectoryClient(new KeyDirectoryClientOptions { Endpoints = Local });

        // No key is known by its name alone.
        Verifier = new HttpMessageVerifier(new NoKeys(), options: new HttpMessageVerifierOptions { KeyDirectories = client });
    }

    public Uri Url => new(app.Urls.First());

    public HttpMessageVerifier Verifier { get; }

    public static async Task<AgentDirectory> StartAsync(params IEnumerable<PublicKey> keys)
    {
        byte[] document = new KeyDirectory(keys.Select(key => new DirectoryKey(key))).ToJson();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.MapGet(KeyDirectory.WellKnownPath, () => Results.Bytes(document, KeyDirectory.MediaType));
        await app.StartAsync();
        return new AgentDirectory(app);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private sealed class NoKeys : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new KeyResolution { Status = KeyResolutionStatus.NotFound });
    }
}
