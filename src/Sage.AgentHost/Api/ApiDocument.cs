using System.Security.Cryptography;
using Microsoft.OpenApi;
using Sage.Hosting;
using Scalar.AspNetCore;

namespace Sage.AgentHost;

/// <summary>The description of the API (OpenAPI 3.1), made from the code, and a page that shows it; both are part of the feature ApiDocs.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const int NonceSize = 16;

    public static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer<ApiDescription>();
        options.AddOperationTransformer<ApiExamples>();
    });

    public static void MapApiDocument(this WebApplication application)
    {
        application.MapOpenApi("/openapi/v1.json").RequireSageFeature(SageFeatures.ApiDocs);

        application.MapScalarApiReference("/docs", (options, context) =>
        {
            options.Title = "Sage agent";
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.DynamicBaseServerUrl = true;
            options.HideDeveloperTools().HideClientButton().DisableAgent().DisableMcp();
            options.Nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceSize));

            // What the page needs comes from this host, and the browser lets it talk to no other.
            context.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' 'nonce-{options.Nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        }).RequireSageFeature(SageFeatures.ApiDocs);
    }
}
