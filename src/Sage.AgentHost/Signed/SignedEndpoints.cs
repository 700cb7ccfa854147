using Sage.AspNetCore;
using Sage.Hosting;

namespace Sage.AgentHost;

/// <summary>Endpoints for signed requests: who am I to you, give me back what I sent, and the keys of this agent.</summary>
internal static class SignedEndpoints
{
    public const string WhoAmIOperation = "WhoAmI";
    public const string EchoOperation = "SignedEcho";

    public static void MapSigned(this WebApplication application)
    {
        RouteGroupBuilder signed = application.MapGroup("").WithTags("Signed HTTP");
        signed.MapGet("/whoami", WhoAmI)
            .WithName(WhoAmIOperation).WithSummary("Tells the caller who its signature says it is.")
            .WithDescription("The request is signed as RFC 9421 says, under the policy of this host.")
            .ProducesProblem(401).SignHttpResponse();
        signed.MapPost("/signed-echo", (Delegate)EchoAsync)
            .WithName(EchoOperation).WithSummary("Gives a signed body back, in a signed response.")
            .WithDescription("The signature covers the digest of the body (RFC 9530).")
            .Accepts<object>("application/octet-stream", "application/json", "text/plain")
            .Produces<object>(StatusCodes.Status200OK, "application/octet-stream")
            .ProducesProblem(401).ProducesProblem(413).RequireHttpSignature().SignHttpResponse();
        application.MapHttpMessageSignaturesDirectory().RequireSageFeature(SageFeatures.WebBotAuth);
    }

    private static CallerDescription WhoAmI(AgentIdentity caller) =>
        new(caller.Subject, caller.KeyId, [.. caller.Components.Select(component => component.ToString()!)]);

    // The body was verified, and so buffered, before.
    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType ?? "application/octet-stream";
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
