using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>A message as both sides see it. Immutable.</summary>
internal sealed record JudgedMessage
{
    public string Method { get; init; } = "GET";

    public string Scheme { get; init; } = "https";

    public string Authority { get; init; } = "example.com";

    public string Target { get; init; } = "/";

    /// <summary>0 for a request.</summary>
    public int Status { get; init; }

    public JudgedMessage? Request { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>The libraries see no body: it is the business of whoever calls them.</summary>
    public string Body { get; init; } = "";

    public bool IsResponse => Status > 0;

    public JudgedMessage With(string name, string value) => this with { Fields = [.. Fields, new(name, value)] };

    public JudgedMessage With(SignatureText signature) =>
        With(SignatureFields.InputName, signature.Input).With(SignatureFields.SignatureName, signature.Signature);

    /// <summary>Replaces the first line of a field.</summary>
    public JudgedMessage Replace(string name, Func<string, string> change)
    {
        KeyValuePair<string, string>[] fields = [.. Fields];
        int index = Array.FindIndex(fields, field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        fields[index] = new(fields[index].Key, change(fields[index].Value));
        return this with { Fields = fields };
    }

    public bool Has(string name) => Lines(name).Count > 0;

    public SignatureContext ToContext()
    {
        BodyPresence presence = Body.Length > 0 ? BodyPresence.Present : BodyPresence.None;
        return IsResponse
            ? SignatureContext.ForResponse(Status, Lines, Request?.ToContext(), presence, ReadBodyAsync)
            : SignatureContext.ForRequest(Method, Scheme, Authority, Target, Lines, presence, ReadBodyAsync);
    }

    public JsonObject ToJson()
    {
        JsonObject json = IsResponse
            ? new JsonObject { ["status"] = Status }
            : new JsonObject { ["method"] = Method, ["url"] = $"{Scheme}://{Authority}{Target}" };
        json["fields"] = new JsonArray([.. Fields.Select(field => new JsonArray(field.Key, field.Value))]);
        if (Request is not null)
        {
            json["request"] = Request.ToJson();
        }

        return json;
    }

    private StringValues Lines(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();

    private ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(Encoding.UTF8.GetBytes(Body));
}
