using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Tests;

/// <summary>A message as a test describes it: lines of fields in order, and a body that counts how often it is read.</summary>
internal sealed class TestMessage
{
    public string Method { get; set; } = "POST";

    public string Scheme { get; set; } = "https";

    public string Authority { get; set; } = "api.example.com";

    public string Target { get; set; } = "/orders?x=1";

    /// <summary>More than 0 makes it a response.</summary>
    public int Status { get; set; }

    public TestMessage? Request { get; set; }

    public List<(string Name, string Value)> Fields { get; init; } = [];

    public List<(string Name, string Value)> Trailers { get; init; } = [];

    public byte[] Body { get; set; } = [];

    public BodyPresence? Presence { get; set; }

    public int BodyReads { get; private set; }

    /// <summary>A request with a JSON body, its type and its digest: what the policies ask for.</summary>
    public static TestMessage Json(string body = """{"hello":"world"}""")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return new TestMessage
        {
            Body = bytes,
            Fields = [("Content-Type", "application/json"), ("Content-Digest", ContentDigest.Compute(bytes))],
        };
    }

    /// <summary>A request without a body.</summary>
    public static TestMessage Get(string target = "/orders?x=1") => new() { Method = "GET", Target = target };

    /// <summary>An answer with a JSON body to a request.</summary>
    public static TestMessage Answer(TestMessage? request, int status = 200)
    {
        TestMessage answer = Json("""{"done":true}""");
        answer.Status = status;
        answer.Request = request;
        return answer;
    }

    public TestMessage Add(string name, string value)
    {
        Fields.Add((name, value));
        return this;
    }

    public TestMessage Set(string name, string? value)
    {
        Fields.RemoveAll(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return value is null ? this : Add(name, value);
    }

    public string Value(string name) => Fields.Single(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public TestMessage Signed(SignatureFields fields) => Add(SignatureFields.InputName, fields.SignatureInput).Add(SignatureFields.SignatureName, fields.Signature);

    public SignatureContext ToContext()
    {
        BodyPresence presence = Presence ?? (Body.Length > 0 ? BodyPresence.Present : BodyPresence.None);
        return Status > 0
            ? SignatureContext.ForResponse(Status, name => Lines(Fields, name), Request?.ToContext(), presence, ReadAsync, trailers: name => Lines(Trailers, name))
            : SignatureContext.ForRequest(
                Method, Scheme, Authority, Target, name => Lines(Fields, name), presence, ReadAsync, trailers: name => Lines(Trailers, name));
    }

    /// <summary>The signature base that the engine builds, or what it says is wrong.</summary>
    public (string? Base, SignatureError Error) Base(IReadOnlyList<SignatureComponent> components, string parameters, SignaturePolicy? policy = null)
    {
        SignatureBaseWriter writer = default;
        try
        {
            SignatureBaseBuilder.Write([.. components], parameters, ToContext(), policy ?? SignaturePolicy.Default, ref writer);
            return writer.Error == SignatureError.None ? (Encoding.ASCII.GetString(writer.Written.Span), SignatureError.None) : (null, writer.Error);
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The value of one component, or what is wrong with it.</summary>
    public string ValueOf(string identifier, SignaturePolicy? policy = null)
    {
        SignatureBaseWriter writer = default;
        try
        {
            ComponentValue.Write(SignatureComponent.Parse(identifier), ToContext(), policy ?? SignaturePolicy.Default, ref writer);
            return writer.Error == SignatureError.None ? Encoding.ASCII.GetString(writer.Written.Span) : $"<{writer.Error}>";
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static StringValues Lines(List<(string Name, string Value)> fields, string name) =>
        fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();

    private ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        BodyReads++;
        return ValueTask.FromResult(Body.Length > limit ? (ReadOnlyMemory<byte>?)null : Body);
    }
}
