using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sage.AgentHost;

/// <summary>Examples that can be sent as they are, and which operations want a signature.</summary>
internal sealed class ApiExamples : IOpenApiOperationTransformer
{
    /// <summary>A DID that is its own key, so that every host can resolve it.</summary>
    public const string Did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == "did"))
        {
            parameter.Example = JsonValue.Create(Did);
        }

        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() || metadata.OfType<AuthorizationPolicy>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.SignatureScheme, context.Document)] = [] }];
        }

        return Task.CompletedTask;
    }
}
