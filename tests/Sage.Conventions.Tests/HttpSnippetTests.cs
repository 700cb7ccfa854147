using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.Conventions.Tests;

/// <summary>What the pages show of signed HTTP works when it is done.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class HttpSnippetTests
{
    [Test]
    public async Task The_agent_that_signs_is_known_to_the_agent_that_verifies(CancellationToken ct)
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        string did = DidKeyResolver.Create(key.PublicKey).Value;
        await using WebApplication app = await StartAsync(did, ct);
        using IHost host = await BuildClientAsync(key, did, app.Urls.Single(), ct);

        using HttpResponseMessage response = await Client(host).AskAsync("/tasks", "water the plants", ct);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(ct), Is.EqualTo($"{did} may ask to water the plants"));
    }

    [Test]
    public async Task An_agent_that_is_known_but_no_partner_is_forbidden_what_partners_may(CancellationToken ct)
    {
        using PrivateKey partner = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey stranger = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        (string partnerDid, string strangerDid) = (DidKeyResolver.Create(partner.PublicKey).Value, DidKeyResolver.Create(stranger.PublicKey).Value);
        await using WebApplication app = await StartAsync(partnerDid, ct);
        using IHost partnerHost = await BuildClientAsync(partner, partnerDid, app.Urls.Single(), ct);
        using IHost strangerHost = await BuildClientAsync(stranger, strangerDid, app.Urls.Single(), ct);
        using HttpClient unsigned = new() { BaseAddress = new Uri(app.Urls.Single()) };

        using HttpResponseMessage ofPartner = await Client(partnerHost).AskAsync("/offers", "an offer", ct);
        using HttpResponseMessage ofStranger = await Client(strangerHost).AskAsync("/offers", "an offer", ct);
        using HttpResponseMessage ofNobody = await new ReadmeSnippets.TaskClient(unsigned).AskAsync("/offers", "an offer", ct);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ofPartner.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(ofStranger.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(ofNobody.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task An_answer_counts_only_if_the_agent_that_was_asked_signed_it(CancellationToken ct)
    {
        using PrivateKey client = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey server = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        (AgentDid clientDid, AgentDid serverDid) = (DidKeyResolver.Create(client.PublicKey), DidKeyResolver.Create(server.PublicKey));
        await using WebApplication app = await StartAsync(clientDid.Value, ct, new HttpMessageSigner(new KeySigner(server), serverDid.Value));
        Uri address = new(app.Urls.Single());

        string offer = await ReadmeSnippets.AskForSignedAnswerAsync(new KeySigner(client), clientDid, serverDid, address, ct);

        Assert.That(offer, Is.EqualTo($"an offer for {clientDid}"));
        Assert.That(
            async () => await ReadmeSnippets.AskForSignedAnswerAsync(new KeySigner(client), clientDid, peer: clientDid, address, ct),
            Throws.TypeOf<SignatureException>().With.Property(nameof(SignatureException.Error)).EqualTo(SignatureError.WrongSigner));
    }

    private static async Task<WebApplication> StartAsync(string partner, CancellationToken ct, HttpMessageSigner? signer = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ReadmeSnippets.AuthorizePartners(builder, partner);
        if (signer is not null)
        {
            builder.Services.AddSingleton(signer);
        }

        WebApplication app = ReadmeSnippets.BuildVerifying(builder);
        ReadmeSnippets.MapForPartners(app);
        if (signer is not null)
        {
            ReadmeSnippets.MapSigned(app);
        }

        await app.StartAsync(ct);
        return app;
    }

    /// <summary>The agent of the page, with its key in memory and the address at which the other one really is.</summary>
    private static async Task<IHost> BuildClientAsync(PrivateKey key, string did, string address, CancellationToken ct)
    {
        MemoryKeyStore keys = new();
        await keys.AddAsync("signing", key, ct);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Sage:Did"] = did });
        builder.Services.AddSingleton<IKeyStore>(_ => keys);
        ReadmeSnippets.Sign(builder);
        builder.Services.AddHttpClient(nameof(ReadmeSnippets.TaskClient), http => http.BaseAddress = new Uri(address));
        return builder.Build();
    }

    private static ReadmeSnippets.TaskClient Client(IHost host) => host.Services.GetRequiredService<ReadmeSnippets.TaskClient>();
}
