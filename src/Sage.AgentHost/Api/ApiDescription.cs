using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sage.AgentHost;

/// <summary>What the code alone does not say: what the API is, how requests are signed, and the endpoints that are no route handlers.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer
{
    public const string SignatureScheme = "httpMessageSignature";

    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    /// <summary>An envelope of the right form whose payload is no initiation: the host answers it, with <c>success: false</c>.</summary>
    public const string Envelope = """
        {
          "id": "7b1d8f0e-5c3f-4a7e-9a55-0d2f6f3f6a11",
          "context_id": "ctx-6f1b",
          "task_id": "hpke/complete@v1",
          "payload": "e30=",
          "did": "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3",
          "signature": "AAAA",
          "role": "agent",
          "metadata": {}
        }
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Sage agent",
            Version = "1",
            Description = "Talks with other agents in private, answers signed requests, and looks agents up. Errors are problem details (RFC 9457); "
                + "every failed authentication is the same 401.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        OpenApiComponents components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        components.SecuritySchemes[SignatureScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Signature",
            Description = "An HTTP message signature (RFC 9421): the fields Signature-Input and Signature, and Content-Digest (RFC 9530) where there is a body. "
                + "keyid is the caller's DID URL; created, nonce and the covered components are as the policy of this host asks in Accept-Signature.",
        };
        document.Paths[SessionEndpoints.Path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Sessions() },
        };
        document.Paths["/health/live"] = Health("Whether the process lives.", "Live");
        document.Paths["/health/ready"] = Health("Whether the host should be sent requests.", "Ready");
        return Task.CompletedTask;
    }

    private static OpenApiOperation Sessions() => new()
    {
        OperationId = "Sessions",
        Summary = "Answers a session envelope: the initiation of a session, or a record of one.",
        Description = "The envelope is SAGE profile P1; its content is encrypted and signed, so an ordinary HTTP client cannot make one. "
            + "Refusals are 200 with success false, and tell the caller nothing more.",
        Tags = new HashSet<OpenApiTagReference> { new("Sessions") },
        RequestBody = new OpenApiRequestBody { Required = true, Content = Content(Json, JsonNode.Parse(Envelope)) },
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "The reply, or a refusal.", Content = Content(Json, null) },
            ["413"] = Problem("The envelope is too large."),
            ["429"] = Problem("Too many requests from this address."),
        },
    };

    private static OpenApiPathItem Health(string summary, string id) => new()
    {
        Operations = new Dictionary<HttpMethod, OpenApiOperation>
        {
            [HttpMethod.Get] = new()
            {
                OperationId = id,
                Summary = summary,
                Tags = new HashSet<OpenApiTagReference> { new("Health") },
                Responses = new OpenApiResponses
                {
                    ["200"] = new OpenApiResponse { Description = "Yes." },
                    ["503"] = new OpenApiResponse { Description = "No." },
                },
            },
        },
    };

    private static Dictionary<string, OpenApiMediaType> Content(string type, JsonNode? example) =>
        new() { [type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = example } };

    private static OpenApiResponse Problem(string description) => new() { Description = description, Content = Content(ProblemJson, null) };
}
