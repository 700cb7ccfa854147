using System.Text.Json.Nodes;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>One generated message, what of it is signed, and with which parameters.</summary>
internal sealed record JudgeCase(string Library, string Algorithm, int Seed)
{
    public required JudgedMessage Message { get; init; }

    public required IReadOnlyList<SignatureComponent> Components { get; init; }

    public string Label { get; init; } = "sig1";

    public required string KeyId { get; init; }

    public bool HasExpires { get; init; }

    public string? Nonce { get; init; }

    public string? Tag { get; init; }

    /// <summary>Some cases say nothing of the algorithm: then it is the key's alone.</summary>
    public bool SaysAlgorithm { get; init; }

    public override string ToString() => $"{Library} {Algorithm} #{Seed} {(Message.IsResponse ? "response" : "request")}";

    /// <summary>The question that makes the library sign the message.</summary>
    public JsonObject Sign(JsonNode key, string keyId, long now)
    {
        JsonObject parameters = new() { ["created"] = now };
        if (HasExpires)
        {
            parameters["expires"] = now + 60;
        }

        if (Nonce is not null)
        {
            parameters["nonce"] = Nonce;
        }

        parameters["keyid"] = keyId;
        if (SaysAlgorithm)
        {
            parameters["alg"] = Algorithm;
        }

        if (Tag is not null)
        {
            parameters["tag"] = Tag;
        }

        return new JsonObject
        {
            ["op"] = "sign",
            ["library"] = Library,
            ["message"] = Message.ToJson(),
            ["key"] = key,
            ["algorithm"] = Algorithm,
            ["label"] = Label,
            ["components"] = new JsonArray([.. Components.Select(component => (JsonNode)component.Identifier)]),
            ["parameters"] = parameters,
        };
    }

    /// <summary>The question whether the library accepts a message.</summary>
    public JsonObject Verify(JudgedMessage message, JsonNode key) => new()
    {
        ["op"] = "verify",
        ["library"] = Library,
        ["message"] = message.ToJson(),
        ["key"] = key,
        ["algorithm"] = Algorithm,
    };

    /// <summary>Signs exactly what the case says, and verifies nothing but that it is covered.</summary>
    public SignaturePolicy Policy(Sage.Crypto.KeyAlgorithm algorithm) => new()
    {
        Name = "judged",
        Label = Label,
        Tag = Tag,
        RequestComponents = Message.IsResponse ? [] : Components,
        ResponseComponents = Message.IsResponse ? Components : [],
        RequireContentType = false,
        StructuredFields = JudgeCases.Types,
        RequireRequestSignature = false,
        RequireNonce = false,
        RequireExpires = HasExpires,
        Lifetime = HasExpires ? TimeSpan.FromSeconds(60) : null,
        Algorithms = [algorithm],
    };
}
