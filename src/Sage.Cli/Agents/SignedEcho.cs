using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>
/// An endpoint that gives back what it is sent: a request signed under the SAGE profile gets its body in a signed response,
/// anything else the one answer that every refusal gets.
/// </summary>
internal static class SignedEcho
{
    public const string Endpoint = "/signed-echo";

    private static readonly SignaturePolicy Policy = HttpPolicy.Named(SignaturePolicy.Sage.Name);

    public static void AddTo(IServiceCollection services, ISigner signer, string keyId, IDidResolver registry)
    {
        services.AddSingleton<IKeyResolver>(new AgentKeyResolver(registry));
        services.AddSingleton(new HttpMessageSigner(signer, keyId, Policy));
        services.AddAuthentication().AddHttpSignature(options => options.Policy = Policy);
    }

    public static void Use(IApplicationBuilder application) => application.UseHttpMessageSigning().UseAuthentication().UseAuthorization();

    public static void Map(IEndpointRouteBuilder endpoints, string path) =>
        endpoints.MapPost(path, AnswerAsync).RequireHttpSignature(Policy).SignHttpResponse(Policy);

    // The body was verified, and so buffered, before.
    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
