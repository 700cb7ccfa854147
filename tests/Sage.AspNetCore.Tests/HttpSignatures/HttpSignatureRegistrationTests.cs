using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>What is said at start when something is missing or cannot work.</summary>
[TestFixture]
internal sealed class HttpSignatureRegistrationTests
{
    [Test]
    public async Task An_application_without_a_key_resolver_does_not_start()
    {
        await using WebApplication app = Build(_ => { });
        InvalidOperationException? error = Assert.ThrowsAsync<InvalidOperationException>(async () => await app.StartAsync());
        Assert.That(error!.Message, Does.Contain("AddFileRegistry(").And.Contain("AddDidKey("));
    }

    [TestCase("ftp://agent.example.com")]
    [TestCase("/agents")]
    [TestCase("https://agent.example.com/?x=1")]
    [TestCase("https://agent.example.com/#x")]
    [TestCase("https://user@agent.example.com/")]
    public async Task A_public_origin_that_is_none_stops_the_start(string origin)
    {
        await using WebApplication app = Build(options => options.PublicOrigin = new Uri(origin, UriKind.RelativeOrAbsolute), resolver: true);
        OptionsValidationException? error = Assert.ThrowsAsync<OptionsValidationException>(async () => await app.StartAsync());
        Assert.That(error!.Message, Does.Contain(nameof(HttpSignatureOptions.PublicOrigin)).And.Contain("https://agent.example.com"));
    }

    [Test]
    public async Task A_policy_that_cannot_be_asked_for_stops_the_start()
    {
        await using WebApplication app = Build(options => options.Policy = SignaturePolicy.Default with { Label = "Not A Key" }, resolver: true);
        OptionsValidationException? error = Assert.ThrowsAsync<OptionsValidationException>(async () => await app.StartAsync());
        Assert.That(error!.Message, Does.Contain(nameof(HttpSignatureOptions.Policy)).And.Contain("label"));
    }

    [Test]
    public async Task An_endpoint_refuses_a_policy_that_no_request_can_meet()
    {
        await using WebApplication app = Build(_ => { }, resolver: true);
        SignaturePolicy impossible = SignaturePolicy.Default with { RequestComponents = [SignatureComponent.Method.FromRequest()] };
        Assert.That(() => app.MapGet("/", () => "x").RequireHttpSignature(impossible), Throws.ArgumentException.With.Message.Contains(";req"));
    }

    [Test]
    public async Task An_endpoint_without_a_scheme_says_what_to_call()
    {
        await using WebApplication app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/", () => "x").RequireHttpSignature();
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(
            () => _ = ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).ToArray());
        Assert.That(error!.Message, Does.Contain("AddAuthentication().AddHttpSignature()"));
    }

    [Test]
    public async Task Signing_without_a_signer_says_what_to_call()
    {
        await using WebApplication app = Build(_ => { }, resolver: true);
        Assert.That(() => app.UseHttpMessageSigning(), Throws.InvalidOperationException.With.Message.Contains("AddHttpMessageSigner("));
    }

    private static WebApplication Build(Action<HttpSignatureOptions> configure, bool resolver = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature(configure);
        if (resolver)
        {
            builder.Services.AddSage().AddDidKey();
        }

        return builder.Build();
    }
}
