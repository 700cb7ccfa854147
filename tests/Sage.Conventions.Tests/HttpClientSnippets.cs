using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Conventions.Tests;

/// <summary>The code of the page of Sage.HttpSignatures; <see cref="DocumentationTests"/> compares the regions.</summary>
internal static class HttpClientSnippets
{
    public static void SignRequests(HostApplicationBuilder builder)
    {
        #region Sign
        builder.Services.AddSage(builder.Configuration.GetSection("Sage"));
        builder.Services.AddHttpClient("weather", client => client.BaseAddress = new Uri("https://weather.example/"))
            .AddHttpMessageSigning();
        #endregion
    }

    public static void VerifyResponses(HostApplicationBuilder builder)
    {
        #region Verify
        builder.Services.AddSage(builder.Configuration.GetSection("Sage")).AddFileRegistry("agents.json");
        builder.Services.AddHttpClient("weather")
            .AddHttpMessageSigning()
            .AddHttpMessageVerification(options => options.ExpectedSubject = "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3");
        #endregion
    }

    public static async Task<HttpResponseMessage> SignWithoutContainerAsync(PrivateKey key, string did, HttpRequestMessage request, CancellationToken ct)
    {
        #region Without a container
        HttpMessageSigner signer = new(new KeySigner(key), did);
        using HttpClient client = new(new HttpSigningHandler(signer) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } });
        HttpResponseMessage response = await client.SendAsync(request, ct);
        #endregion
        return response;
    }
}
