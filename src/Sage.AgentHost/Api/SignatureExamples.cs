using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Sage.AgentHost;

/// <summary>
/// Signed requests as they stand on the wire, made with the test key of RFC 9421 (B.1.4) at the beginning of 2026 for
/// <c>https://agent.example</c>. They show the form; their time is over, and a host accepts none a second time.
/// </summary>
internal static class SignatureExamples
{
    public const string Origin = "https://agent.example";

    private const string Parameters = "keyid=\"did:key:z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG\";alg=\"ed25519\";created=1767225600;expires=1767225660";

    /// <summary>When they were signed.</summary>
    public static DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(1767225600);

    /// <summary>Adds the fields of the example to the operation, and its body.</summary>
    public static void AddTo(OpenApiOperation operation)
    {
        switch (operation.OperationId)
        {
            case SignedEndpoints.WhoAmIOperation:
                Add(operation, "Signature-Input", $"sig1=(\"@method\" \"@target-uri\" \"@authority\");{Parameters};nonce=\"example-of-a-get\"");
                Add(operation, "Signature", "sig1=:76OK8rs2HzNX/qeXVegxhSVD3cIuML0/YAXvaSuKJB/MALvGcXbSllJKl0J9ZEVKuMJCwAjqIjTIJqb2g5bDAg==:");
                break;
            case SignedEndpoints.EchoOperation:
                Add(operation, "Content-Digest", "sha-256=:V3X2otzN+t1bWfejcTBQEmp6DxOLMW+zT5gL6a6lDGI=:");
                Add(operation, "Signature-Input", $"sig1=(\"@method\" \"@target-uri\" \"@authority\" \"content-type\" \"content-digest\");{Parameters};nonce=\"example-of-a-post\"");
                Add(operation, "Signature", "sig1=:xDJIPJOwlnpaHMz0SFzmO7ooMWQAdWm8e2EKJUf3t+j8Y1xXZwz+cJqdAa+vYQD3doESAjsJYB8mSYPrNFBSBA==:");
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = JsonNode.Parse("{\"hello\":\"you!\"}") },
                        ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                        ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                    },
                };
                break;
        }
    }

    private static void Add(OpenApiOperation operation, string field, string example)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = field,
            In = ParameterLocation.Header,
            Required = true,
            Description = "As a client signs it, for " + Origin + " and the first minute of 2026.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create(example),
        });
    }
}
