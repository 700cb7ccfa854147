using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures;

/// <summary>
/// What the values of components are drawn from (RFC 9421 §1.1): one message as it is on the wire and, for a response, the
/// request that it answers. It reads the message when it is asked and copies nothing.
/// </summary>
/// <remarks>As safe to use from several threads as the message behind it.</remarks>
public sealed class SignatureContext
{
    private readonly Func<string, StringValues> fields;

    private SignatureContext(Func<string, StringValues> fields) => this.fields = fields;

    /// <summary>Whether the message is a response.</summary>
    public bool IsResponse { get; private init; }

    /// <summary>The method of a request, as sent; empty for a response.</summary>
    public string Method { get; private init; } = "";

    /// <summary>The scheme of a request in lower case; empty for a response.</summary>
    public string Scheme { get; private init; } = "";

    /// <summary>The authority of a request in lower case, without a default port; empty for a response.</summary>
    public string Authority { get; private init; } = "";

    /// <summary>The request target exactly as on the wire, never decoded; empty for a response.</summary>
    public string RequestTarget { get; private init; } = "";

    /// <summary>The status of a response; 0 for a request.</summary>
    public int Status { get; private init; }

    /// <summary>The request that a response answers.</summary>
    public SignatureContext? Request { get; private init; }

    /// <summary>Whether the message has a body, as far as that is known before reading it.</summary>
    public BodyPresence Body { get; private init; }

    /// <summary>How octets became the characters of field values; only <c>bs</c> depends on it.</summary>
    internal Encoding FieldEncoding { get; private init; } = Encoding.Latin1;

    /// <summary>The lines of a trailer by lower-case name, once they are known.</summary>
    internal Func<string, StringValues>? Trailers { get; private init; }

    /// <summary>Reads the whole body: null if it is longer than the limit given.</summary>
    internal Func<int, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? ReadBody { get; private init; }

    /// <summary>Describes a request by its parts.</summary>
    /// <param name="method">The method as sent.</param>
    /// <param name="scheme">The scheme of the target URI.</param>
    /// <param name="authority">The host and port the request was sent to: the <c>Host</c> field or <c>:authority</c>.</param>
    /// <param name="requestTarget">The request target exactly as on the wire (RFC 9112 §3.2), never decoded.</param>
    /// <param name="fields">The lines of a field by lower-case name; none when it is absent.</param>
    /// <param name="body">Whether there is a body, as far as that is known before reading it.</param>
    /// <param name="readBody">
    /// Reads the whole body and leaves it readable for the application; <see langword="null"/> if it is longer than the limit
    /// given, in bytes. Needed unless there is no body.
    /// </param>
    /// <param name="fieldEncoding">How octets became the characters of field values; ISO 8859-1 unless told.</param>
    /// <param name="trailers">The lines of a trailer by lower-case name.</param>
    public static SignatureContext ForRequest(
        string method,
        string scheme,
        string authority,
        string requestTarget,
        Func<string, StringValues> fields,
        BodyPresence body = BodyPresence.None,
        Func<int, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? readBody = null,
        Encoding? fieldEncoding = null,
        Func<string, StringValues>? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(requestTarget);
        ArgumentNullException.ThrowIfNull(fields);
        string lowerScheme = MessageTarget.Lower(scheme);
        return new SignatureContext(fields)
        {
            Method = method,
            Scheme = lowerScheme,
            Authority = MessageTarget.NormalizeAuthority(authority, lowerScheme),
            RequestTarget = requestTarget,
            Body = body,
            ReadBody = RequireReader(body, readBody),
            FieldEncoding = fieldEncoding ?? Encoding.Latin1,
            Trailers = trailers,
        };
    }

    /// <summary>Describes a response by its parts.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="fields">The lines of a field by lower-case name; none when it is absent.</param>
    /// <param name="request">The request that it answers; without it nothing of the request can be covered.</param>
    /// <param name="body">Whether there is a body, as far as that is known before reading it.</param>
    /// <param name="readBody">Reads the whole body, as for a request.</param>
    /// <param name="fieldEncoding">How octets became the characters of field values; ISO 8859-1 unless told.</param>
    /// <param name="trailers">The lines of a trailer by lower-case name.</param>
    public static SignatureContext ForResponse(
        int status,
        Func<string, StringValues> fields,
        SignatureContext? request,
        BodyPresence body = BodyPresence.None,
        Func<int, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? readBody = null,
        Encoding? fieldEncoding = null,
        Func<string, StringValues>? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new SignatureContext(fields)
        {
            IsResponse = true,
            Status = status,
            Request = request,
            Body = body,
            ReadBody = RequireReader(body, readBody),
            FieldEncoding = fieldEncoding ?? Encoding.Latin1,
            Trailers = trailers,
        };
    }

    /// <summary>Describes a request as <see cref="HttpClient"/> sends it. Its body is buffered when it is read.</summary>
    /// <param name="request">The request; its URI must be absolute.</param>
    /// <exception cref="InvalidOperationException">The URI is missing or not absolute.</exception>
    public static SignatureContext ForRequest(HttpRequestMessage request) => HttpClientMessages.Describe(request);

    /// <summary>Describes a response as <see cref="HttpClient"/> received it, together with the request it was sent for.</summary>
    /// <param name="response">The response.</param>
    public static SignatureContext ForResponse(HttpResponseMessage response) => HttpClientMessages.Describe(response);

    /// <summary>The lines of a field, in the order received.</summary>
    /// <param name="name">The name in lower case.</param>
    internal StringValues Field(string name) => fields(name);

    private static Func<int, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? RequireReader(
        BodyPresence body, Func<int, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? readBody) =>
        body == BodyPresence.None || readBody is not null
            ? readBody
            : throw new ArgumentNullException(nameof(readBody), "A message that may have a body needs a way to read it.");
}
