using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>What endpoints ask for, and what they learn of their callers.</summary>
[TestFixture]
internal sealed class EndpointSignatureTests
{
    private static readonly SignaturePolicy Strict = SignaturePolicy.Default with
    {
        Name = "strict",
        RequestComponents = [.. SignaturePolicy.Default.RequestComponents, SignatureComponent.Field("x-order")],
    };

    private static readonly SignaturePolicy Loose = SignaturePolicy.Default with { Name = "loose", RequestComponents = [SignatureComponent.Method], RequireNonce = false };

    [Test]
    public async Task Two_endpoints_have_two_policies()
    {
        await using SignedApi api = await SignedApi.StartAsync(app =>
        {
            app.MapGet("/strict", () => "strict").RequireHttpSignature(Strict);
            app.MapGet("/loose", () => "loose").RequireHttpSignature(Loose);
        });
        RawRequest full = api.Request("/strict");
        full.Fields.Add(("X-Order", "1"));
        await full.SignAsync(api.Agent.Signer(api.Clock, Strict));
        RawRequest plainToStrict = await api.Request("/strict").SignAsync(api.Signer);
        RawRequest slackToStrict = await api.Request("/strict").SignAsync(api.Agent.Signer(api.Clock, Loose));
        RawRequest slackToLoose = await api.Request("/loose").SignAsync(api.Agent.Signer(api.Clock, Loose));

        Assert.That((await full.SendAsync()).Status, Is.EqualTo(200));
        Assert.That((await plainToStrict.SendAsync()).Status, Is.EqualTo(401));
        Assert.That((await slackToStrict.SendAsync()).Status, Is.EqualTo(401));
        Assert.That((await slackToLoose.SendAsync()).Status, Is.EqualTo(200));
        Assert.That((await api.Request("/strict").SendAsync()).Fields["Accept-Signature"].Single(), Does.Contain("\"x-order\""));
        Assert.That((await api.Request("/loose").SendAsync()).Fields["Accept-Signature"].Single(), Does.StartWith("sig1=(\"@method\");"));
    }

    [Test]
    public async Task The_policy_of_an_endpoint_goes_before_that_of_its_group()
    {
        await using SignedApi api = await SignedApi.StartAsync(app =>
        {
            RouteGroupBuilderOf(app).MapGet("/a", (AgentIdentity caller) => caller.Subject);
            RouteGroupBuilderOf(app).MapGet("/b", () => "b").RequireHttpSignature(Loose);
        });

        Assert.That((await (await api.Request("/group/a").SignAsync(api.Agent.Signer(api.Clock, Loose))).SendAsync()).Status, Is.EqualTo(401));
        Assert.That((await (await api.Request("/group/b").SignAsync(api.Agent.Signer(api.Clock, Loose))).SendAsync()).Status, Is.EqualTo(200));

        static Microsoft.AspNetCore.Routing.RouteGroupBuilder RouteGroupBuilderOf(WebApplication app) => app.MapGroup("/group").RequireHttpSignature(Strict);
    }

    [Test]
    public async Task A_request_verified_before_its_endpoint_was_known_does_not_pass_under_another_policy()
    {
        await using SignedApi api = await SignedApi.StartAsync(
            app =>
            {
                app.UseAuthentication();
                app.UseRouting();
                app.UseAuthorization();
                app.MapGet("/strict", () => "strict").RequireHttpSignature(Strict);
                app.MapGet("/usual", () => "usual").RequireHttpSignature();
            });

        Assert.That(await api.SendSignedAsync(api.Request("/usual")), Is.EqualTo(200));
        Assert.That(await api.SendSignedAsync(api.Request("/strict")), Is.EqualTo(403));
        Assert.That(api.Logs.All, Does.Contain("UseRouting before UseAuthentication"));
    }

    [Test]
    public async Task The_caller_is_a_principal_with_what_was_signed()
    {
        List<Claim> claims = [];
        await using SignedApi api = await SignedApi.StartAsync(app => app.MapPost("/x", (HttpContext context) =>
        {
            claims.AddRange(context.User.Claims);
            IHttpSignatureFeature verified = context.Features.Get<IHttpSignatureFeature>()!;
            return $"{context.User.Identity!.Name} {verified.Signature.Covers(SignatureComponent.Method)} {verified.Signature.Covers(SignatureComponent.Status)}";
        }).RequireAuthorization());
        RawResponse response = await (await api.Request("/x", "POST", "{}").SignAsync(api.Signer)).SendAsync();

        Assert.That(response.Body, Does.Contain($"{api.Agent.Did.Value} True False"));
        Assert.That(claims.Select(claim => (claim.Type, claim.Value)), Is.EqualTo(new[]
        {
            (HttpSignatureClaimTypes.Subject, api.Agent.Did.Value),
            (ClaimTypes.NameIdentifier, api.Agent.Did.Value),
            (HttpSignatureClaimTypes.Did, api.Agent.Did.Value),
            (HttpSignatureClaimTypes.KeyId, api.Agent.KeyId),
            (HttpSignatureClaimTypes.Covered, "\"@method\""),
            (HttpSignatureClaimTypes.Covered, "\"@target-uri\""),
            (HttpSignatureClaimTypes.Covered, "\"@authority\""),
            (HttpSignatureClaimTypes.Covered, "\"content-type\""),
            (HttpSignatureClaimTypes.Covered, "\"content-digest\""),
        }));
    }

    [Test]
    public async Task A_handler_that_takes_an_agent_identity_requires_a_signature()
    {
        await using SignedApi api = await SignedApi.StartAsync(app => app.MapPost(
            "/tasks", (Order order, AgentIdentity caller) => $"{caller.Did} {caller.KeyId} {caller.Covers(SignatureComponent.Method)} {order.Item}"));
        RawResponse signed = await (await api.Request("/tasks", "POST", "{\"item\":\"tea\"}").SignAsync(api.Signer)).SendAsync();

        Assert.That(signed.Body, Does.Contain($"{api.Agent.Did.Value} {api.Agent.KeyId} True tea"));
        Assert.That((await api.Request("/tasks", "POST", "{\"item\":\"tea\"}").SendAsync()).Status, Is.EqualTo(401));
        Assert.That((await api.Request("/tasks", "POST", "no json").SendAsync()).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task A_handler_that_takes_an_optional_agent_identity_gets_null_without_a_valid_signature()
    {
        await using SignedApi api = await SignedApi.StartAsync(app => app.MapGet("/x", (AgentIdentity? caller) => caller?.Subject ?? "nobody"));
        RawRequest forged = await api.Request("/x").SignAsync(api.Signer);
        forged["Signature"] = "sig1=:AAAA:";

        Assert.That((await (await api.Request("/x").SignAsync(api.Signer)).SendAsync()).Body, Does.Contain(api.Agent.Did.Value));
        Assert.That((await api.Request("/x").SendAsync()).Body, Does.Contain("nobody"));
        Assert.That((await forged.SendAsync()).Body, Does.Contain("nobody"));
    }

    [Test]
    public async Task Any_other_code_asks_the_context_for_the_agent()
    {
        await using SignedApi api = await SignedApi.StartAsync(app => app.Run(context => context.Response.WriteAsync(context.GetAgentIdentity()?.ToString() ?? "nobody")));

        Assert.That((await (await api.Request("/x").SignAsync(api.Signer)).SendAsync()).Body, Does.Contain(api.Agent.Did.Value));
        Assert.That((await api.Request("/x").SendAsync()).Body, Does.Contain("nobody"));
    }

    [Test]
    public async Task A_scheme_may_have_another_name_and_another_policy()
    {
        await using SignedApi api = await SignedApi.StartAsync(
            app =>
            {
                app.MapGet("/usual", (AgentIdentity caller) => caller.Subject);
                app.MapGet("/loose", (AgentIdentity caller) => caller.Subject).RequireHttpSignature(scheme: "Loose");
            },
            build: builder => builder.Services.AddAuthentication().AddHttpSignature("Loose", options => options.Policy = Loose with { RequireNonce = true }));

        Assert.That(await api.SendSignedAsync(api.Request("/usual")), Is.EqualTo(200));
        Assert.That((await (await api.Request("/loose").SignAsync(api.Agent.Signer(api.Clock, Loose))).SendAsync()).Status, Is.EqualTo(200));
        Assert.That((await (await api.Request("/usual").SignAsync(api.Agent.Signer(api.Clock, Loose))).SendAsync()).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Events_add_claims_refuse_callers_and_answer_challenges()
    {
        List<SignatureError> failures = [];
        await using SignedApi api = await SignedApi.StartAsync(
            app => app.MapGet("/{path}", (HttpContext context, AgentIdentity caller) => context.User.FindFirstValue("tier")),
            options => options.Events = new HttpSignatureEvents
            {
                OnSignatureVerified = context =>
                {
                    if (context.Request.Path == "/forbidden")
                    {
                        context.Fail("not you");
                    }

                    ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("tier", "gold"));
                    return Task.CompletedTask;
                },
                OnAuthenticationFailed = context =>
                {
                    failures.Add(context.Error);
                    return Task.CompletedTask;
                },
                OnChallenge = context =>
                {
                    failures.Add(context.Error);
                    context.Response.StatusCode = 418;
                    context.HandleResponse();
                    return Task.CompletedTask;
                },
            });
        RawRequest forged = await api.Request("/x").SignAsync(api.Signer);
        forged["Signature"] = "sig1=:AAAA:";

        Assert.That((await (await api.Request("/x").SignAsync(api.Signer)).SendAsync()).Body, Does.Contain("gold"));
        Assert.That(await api.SendSignedAsync(api.Request("/forbidden")), Is.EqualTo(418));
        Assert.That((await api.Request("/x").SendAsync()).Status, Is.EqualTo(418));
        Assert.That((await forged.SendAsync()).Status, Is.EqualTo(418));
        Assert.That(failures, Is.EqualTo(new[] { SignatureError.None, SignatureError.NotSigned, SignatureError.BadSignature, SignatureError.BadSignature }));
    }

    [Test]
    public async Task Details_are_told_where_they_may_be()
    {
        await using SignedApi api = await SignedApi.StartAsync(
            app => app.MapGet("/x", (AgentIdentity caller) => caller.Subject), options => options.IncludeErrorDetails = true);
        RawRequest request = await api.Request("/x").SignAsync(api.Signer);
        api.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.That((await api.Request("/x").SendAsync()).Body, Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401,\"reason\":\"not_signed\"}"));
        Assert.That(
            (await request.SendAsync()).Body,
            Is.EqualTo("{\"title\":\"authentication failed\",\"status\":401,\"reason\":\"expired\",\"detail\":\"expires was 1 s ago\"}"));
    }

    internal sealed record Order(string Item);
}
