using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>A request or response of a vector, as signatures see it.</summary>
internal sealed class HttpVectorMessage
{
    private readonly byte[] body;
    private readonly Dictionary<string, string> fields;

    private HttpVectorMessage(VectorObject input, Func<HttpVectorMessage, SignatureContext> describe)
    {
        VectorObject headers = input.Object("headers");
        body = Encoding.UTF8.GetBytes(input.Text("body"));
        fields = headers.Names.ToDictionary(name => name, headers.Text, StringComparer.Ordinal);
        this["content-digest"] = ContentDigest.Compute(body);
        Context = describe(this);
    }

    public SignatureContext Context { get; }

    /// <summary>A field by its lower-case name.</summary>
    public string this[string name]
    {
        get => fields[name];
        set => fields[name] = value;
    }

    public static HttpVectorMessage ReadRequest(VectorObject input)
    {
        string method = input.Text("method");
        string text = input.Text("url");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || !text.EndsWith(url.PathAndQuery, StringComparison.Ordinal))
        {
            throw new VectorMismatchException("input.url is not a URL");
        }

        return new(input, message => SignatureContext.ForRequest(method, url.Scheme, url.Authority, url.PathAndQuery, message.Lines, BodyPresence.Present, message.ReadBody));
    }

    public static HttpVectorMessage ReadResponse(VectorObject input, HttpVectorMessage request)
    {
        int status = (int)input.Integer("status");
        return new(input, message => SignatureContext.ForResponse(status, message.Lines, request.Context, BodyPresence.Present, message.ReadBody));
    }

    /// <summary>Changes the body and nothing else.</summary>
    public void SpoilBody() => body[0] ^= 1;

    private StringValues Lines(string name) => fields.TryGetValue(name, out string? value) ? value : StringValues.Empty;

    private ValueTask<ReadOnlyMemory<byte>?> ReadBody(int limit, CancellationToken cancellationToken) => new(body);
}
