using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sage.Cli;

/// <summary>
/// One captured message of HTTP/1.1 (RFC 9112): what a proxy, a packet capture or <c>curl --trace</c> shows. Whatever two
/// readers could take for two messages is refused. Immutable.
/// </summary>
internal sealed class RawHttpMessage
{
    /// <summary>The longest start line with its fields, and the longest trailers, in bytes.</summary>
    public const int MaxHeadSize = 64 * 1024;

    /// <summary>The longest body, in bytes, out of its chunks.</summary>
    public const int MaxBodySize = 16 * 1024 * 1024;

    /// <summary>The most fields, trailers included.</summary>
    public const int MaxFields = 200;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly int headEnd;

    private RawHttpMessage(ReadOnlyMemory<byte> bytes, int headEnd)
    {
        this.bytes = bytes;
        this.headEnd = headEnd;
    }

    /// <summary>The method of a request; null for a response.</summary>
    public string? Method { get; private init; }

    /// <summary>The target of a request as it stands; empty for a response.</summary>
    public string Target { get; private init; } = "";

    /// <summary>The scheme and the authority of a target that is an absolute URI.</summary>
    public (string Scheme, string Authority)? Absolute { get; private init; }

    /// <summary>The status of a response; 0 for a request.</summary>
    public int Status { get; private init; }

    public required IReadOnlyList<RawHttpField> Fields { get; init; }

    public required IReadOnlyList<RawHttpField> Trailers { get; init; }

    /// <summary>The body, out of its chunks.</summary>
    public ReadOnlyMemory<byte> Body { get; private init; }

    [MemberNotNullWhen(false, nameof(Method))]
    public bool IsResponse => Method is null;

    /// <summary>Reads a message, and nothing else, from bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="requestMethod">The method that a response answers: one to HEAD has no body.</param>
    /// <param name="message">The message, or null.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, string? requestMethod, [NotNullWhen(true)] out RawHttpMessage? message, out RawHttpError error)
    {
        message = null;
        RawHttpLines lines = new(bytes.Span, 0);
        if (bytes.IsEmpty)
        {
            error = RawHttpError.Empty;
            return false;
        }

        if (!lines.TryRead(MaxHeadSize, out ReadOnlySpan<byte> line))
        {
            error = bytes.Length >= MaxHeadSize ? RawHttpError.HeadTooLarge : RawHttpError.HeadIncomplete;
            return false;
        }

        error = RawHttpStart.TryRead(line, out RawHttpStart start);
        List<RawHttpField> fields = [];
        List<RawHttpField> trailers = [];
        int headEnd = 0;
        ReadOnlyMemory<byte> body = default;
        if (error == RawHttpError.None)
        {
            error = lines.ReadFields(fields, 0, out headEnd);
        }

        if (error == RawHttpError.None && start.Method is not null && fields.Count(field => IsNamed(field, "host")) != 1)
        {
            error = RawHttpError.InvalidHost;
        }

        if (error == RawHttpError.None)
        {
            bool isResponse = start.Method is null;
            bool hasNone = isResponse && (requestMethod == "HEAD" || start.Status is < 200 or 204 or 304);
            error = RawHttpBody.Read(bytes, lines.Position, fields, isResponse, hasNone, trailers, out body);
        }

        if (error == RawHttpError.None)
        {
            message = new RawHttpMessage(bytes, headEnd)
            {
                Method = start.Method,
                Target = start.Target,
                Absolute = start.Absolute,
                Status = start.Status,
                Fields = fields,
                Trailers = trailers,
                Body = body,
            };
        }

        return message is not null;
    }

    /// <summary>The message with fields added behind those it has; every other byte stays.</summary>
    /// <param name="added">The fields; names and values are ASCII.</param>
    public byte[] With(params IEnumerable<RawHttpField> added)
    {
        ReadOnlySpan<byte> whole = bytes.Span;
        int firstEnd = whole.IndexOf((byte)'\n');
        string lineEnd = firstEnd > 0 && whole[firstEnd - 1] == '\r' ? "\r\n" : "\n";
        string lines = string.Concat(added.Select(field => $"{field.Name}: {field.Value}{lineEnd}"));
        return [.. whole[..headEnd], .. Encoding.Latin1.GetBytes(lines), .. whole[headEnd..]];
    }

    /// <summary>The lines of a field.</summary>
    public IEnumerable<string> Lines(string name) => Fields.Where(field => IsNamed(field, name)).Select(field => field.Value);

    private static bool IsNamed(RawHttpField field, string name) => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
