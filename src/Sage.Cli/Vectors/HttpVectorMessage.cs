using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Cli;

/// <summary>A request or response of a vector, and what its components are worth in a signature base (RFC 9421 §2).</summary>
internal sealed class HttpVectorMessage
{
    private const string FromRequest = ";req";

    private string? method;
    private Uri? url;
    private string? status;

    private HttpVectorMessage(VectorObject input)
    {
        VectorObject headers = input.Object("headers");
        Fields = headers.Names.ToDictionary(name => name, name => headers.Text(name).Trim(), StringComparer.Ordinal);
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(input.Text("body")));
        Fields["content-digest"] = $"sha-256=:{Convert.ToBase64String(digest)}:";
    }

    /// <summary>Field values by lower-case name, with the computed digest of the body.</summary>
    public Dictionary<string, string> Fields { get; }

    public static HttpVectorMessage ReadRequest(VectorObject input) => new(input)
    {
        method = input.Text("method"),
        url = Uri.TryCreate(input.Text("url"), UriKind.Absolute, out Uri? url) ? url : throw new VectorMismatchException("input.url is not a URL"),
    };

    public static HttpVectorMessage ReadResponse(VectorObject input) =>
        new(input) { status = input.Integer("status").ToString(CultureInfo.InvariantCulture) };

    /// <summary>The value of a component as it is listed: a quoted name, perhaps with <c>;req</c>.</summary>
    public string Value(string component, HttpVectorMessage? inReplyTo)
    {
        HttpVectorMessage? source = component.EndsWith(FromRequest, StringComparison.Ordinal) ? inReplyTo : this;
        string quoted = component.EndsWith(FromRequest, StringComparison.Ordinal) ? component[..^FromRequest.Length] : component;
        return quoted is ['"', .., '"'] && source?.Value(quoted[1..^1]) is { } value
            ? value
            : throw new VectorMismatchException($"the component {component} has no value");
    }

    private string? Value(string name) => name switch
    {
        "@method" => method,
        "@target-uri" => url?.OriginalString,
        "@authority" => url?.Authority.ToLowerInvariant(),
        "@scheme" => url?.Scheme,
        "@request-target" => url?.PathAndQuery,
        "@path" => url?.AbsolutePath,
        "@query" => url is null ? null : "?" + url.Query.TrimStart('?'),
        "@status" => status,
        _ => Fields.GetValueOrDefault(name),
    };
}
