using System.CommandLine;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>The options of <c>sage http</c> that say which message is meant, and the message they give.</summary>
internal sealed class MessageInput
{
    // Chunks take room too; more than this is not a message that the limits of one allow for.
    private const int MaxInput = 2 * RawHttpMessage.MaxBodySize;

    public Argument<string> File { get; } = new("FILE")
    {
        Description = "The captured message, raw HTTP/1.1; - is standard input.",
        DefaultValueFactory = _ => Inputs.StandardInput,
        CustomParser = PathArgument.Parse,
    };

    public Option<string?> InReplyTo { get; } = new("--in-reply-to")
    {
        Description = "The captured request that the message answers; a response needs it.",
        HelpName = "REQUESTFILE",
        CustomParser = PathArgument.Parse,
    };

    public Option<string> Scheme { get; } = new Option<string>("--scheme")
    {
        Description = "The scheme the request was sent with; its own target counts when it is a whole URI.",
        DefaultValueFactory = _ => Uri.UriSchemeHttps,
    }.AcceptOnlyFromAmong(Uri.UriSchemeHttps, Uri.UriSchemeHttp);

    /// <exception cref="CommandException">An input is not a message, or the request of a response is missing.</exception>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public async Task<CapturedMessage> ReadAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(File);
        string? requestFile = parsed.GetValue(InReplyTo);
        if (file == Inputs.StandardInput && requestFile == Inputs.StandardInput)
        {
            throw CommandException.Usage("The message and its request cannot both come from standard input.");
        }

        string scheme = parsed.GetRequiredValue(Scheme);
        SignatureContext? request = null;
        string? method = null;
        if (requestFile is not null)
        {
            RawHttpMessage asked = await ReadAsync(terminal, requestFile, null, cancellationToken);
            if (asked.IsResponse)
            {
                throw CommandException.Usage($"--in-reply-to takes a request, and '{requestFile}' is a response.");
            }

            method = asked.Method;
            request = Describe(asked, scheme, null);
        }

        RawHttpMessage message = await ReadAsync(terminal, file, method, cancellationToken);
        if (message.IsResponse != request is not null)
        {
            throw CommandException.Usage(message.IsResponse
                ? "The signature of a response is bound to its request: give that with --in-reply-to."
                : "The message is a request, which answers none: leave --in-reply-to out.");
        }

        return new CapturedMessage(message, Describe(message, scheme, request));
    }

    private static async Task<RawHttpMessage> ReadAsync(Terminal terminal, string file, string? requestMethod, CancellationToken cancellationToken)
    {
        byte[] bytes = await Inputs.ReadAsync(terminal, file, MaxInput, cancellationToken);
        return RawHttpMessage.TryParse(bytes, requestMethod, out RawHttpMessage? message, out RawHttpError error)
            ? message
            : throw CommandException.Refused($"{(file == Inputs.StandardInput ? "Standard input" : $"'{file}'")} is not one HTTP/1.1 message: {Explain(error)}.");
    }

    private static SignatureContext Describe(RawHttpMessage message, string scheme, SignatureContext? request)
    {
        Func<string, StringValues> fields = Lookup(message.Fields);
        Func<string, StringValues> trailers = Lookup(message.Trailers);
        BodyPresence presence = message.Body.IsEmpty ? BodyPresence.None : BodyPresence.Present;
        return message.IsResponse
            ? SignatureContext.ForResponse(message.Status, fields, request, presence, ReadBody, trailers: trailers)
            : SignatureContext.ForRequest(
                message.Method,
                message.Absolute?.Scheme ?? scheme,
                message.Absolute?.Authority ?? message.Lines("host").Single(),
                message.Target,
                fields,
                presence,
                ReadBody,
                trailers: trailers);

        ValueTask<ReadOnlyMemory<byte>?> ReadBody(int limit, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>?>(message.Body.Length > limit ? null : message.Body);
    }

    private static Func<string, StringValues> Lookup(IReadOnlyList<RawHttpField> fields)
    {
        Dictionary<string, StringValues> lines = fields
            .GroupBy(field => field.Name.ToLowerInvariant(), field => field.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new StringValues([.. group]), StringComparer.Ordinal);
        return name => lines.GetValueOrDefault(name);
    }

    private static string Explain(RawHttpError error) => error switch
    {
        RawHttpError.Empty => "it is empty",
        RawHttpError.HeadTooLarge => $"its start line and fields, or its trailers, are longer than {RawHttpMessage.MaxHeadSize} bytes",
        RawHttpError.BodyTooLarge => $"its body is longer than {RawHttpMessage.MaxBodySize} bytes",
        RawHttpError.TooManyFields => $"it has more than {RawHttpMessage.MaxFields} fields",
        RawHttpError.HeadIncomplete => "the empty line that ends the fields is missing",
        RawHttpError.InvalidStartLine => "its first line is neither a request line (POST /path HTTP/1.1) nor a status line (HTTP/1.1 200 OK)",
        RawHttpError.InvalidTarget => "the request target is not a path, an absolute URI or an asterisk",
        RawHttpError.InvalidField => "a line is not 'Name: value'",
        RawHttpError.InvalidFieldValue => "the value of a field holds a control character",
        RawHttpError.InvalidHost => "a request needs exactly one Host field",
        RawHttpError.InvalidContentLength => "Content-Length is not one number",
        RawHttpError.InvalidTransferEncoding => "its body has two lengths, or a Transfer-Encoding other than chunked",
        RawHttpError.InvalidChunk => "its body does not consist of chunks, as Transfer-Encoding says",
        RawHttpError.BodyIncomplete => "its body is shorter than announced",
        RawHttpError.TrailingData => "something follows it; without Content-Length or Transfer-Encoding a request has no body",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };
}
