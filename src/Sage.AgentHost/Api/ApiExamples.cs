using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sage.Did;

namespace Sage.AgentHost;

/// <summary>Examples that can be sent as they are and what they are answered with, and which operations want a signature.</summary>
internal sealed class ApiExamples(IDidResolver resolver, TimeProvider timeProvider) : IOpenApiOperationTransformer
{
    /// <summary>A DID that is its own key, so that every host can resolve it.</summary>
    public const string Did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == "did"))
        {
            parameter.Example = JsonValue.Create(Did);
        }

        SignatureExamples.AddTo(operation);
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() || metadata.OfType<AuthorizationPolicy>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.SignatureScheme, context.Document)] = [] }];
        }

        if (operation.OperationId == AgentEndpoints.ResolveOperation && operation.Responses?["200"] is OpenApiResponse { Content: { } content })
        {
            DidResolution resolution = await resolver.ResolveAsync(AgentDid.Parse(Did), cancellationToken);
            content[AgentEndpoints.ResolutionType] = new OpenApiMediaType { Example = JsonNode.Parse(resolution.ToJson(timeProvider.GetUtcNow())) };
        }
    }
}
