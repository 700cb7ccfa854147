using Microsoft.OpenApi;
using Sage.Hosting;
using Scalar.AspNetCore;

namespace Sage.AgentHost;

/// <summary>The description of the API (OpenAPI 3.1), made from the code, and a page that shows it; both are part of the feature ApiDocs.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    public static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer<ApiDescription>();
        options.AddOperationTransformer<ApiExamples>();
    });

    public static void MapApiDocument(this WebApplication application)
    {
        application.MapOpenApi("/openapi/v1.json").RequireSageFeature(SageFeatures.ApiDocs);

        // What the page needs comes from this host; nothing is fetched from elsewhere.
        application.MapScalarApiReference("/docs", options =>
        {
            options.Title = "Sage agent";
            options.DefaultFonts = false;
            options.Telemetry = false;
        }).RequireSageFeature(SageFeatures.ApiDocs);
    }
}
