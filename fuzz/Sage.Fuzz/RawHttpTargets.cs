using Sage.Cli;

namespace Sage.Fuzz;

/// <summary>Captured HTTP messages, as the command reads them.</summary>
internal static class RawHttpTargets
{
    private static readonly RawHttpField Added = new("X-Added", "1");

    public static FuzzTarget[] All { get; } =
    [
        new("raw-http", "a message with a field added is that message and that field", RawHttp, "GET / HTTP/1.1\r\nHost: a\r\n", "HTTP/1.1 200 OK\r\n", "http://b.example/", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "5;x=y\r\n", "\r\n", "\n", "\r\n ", "\n\t", ":", "HEAD", "*", "99999999999", "FFFFFFFF", "\0", "\u007f"),
    ];

    private static void RawHttp(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        foreach (string? requestMethod in new[] { null, "HEAD" })
        {
            bool read = RawHttpMessage.TryParse(bytes, requestMethod, out RawHttpMessage? message, out RawHttpError error);
            Oracle.Holds(read == (error == RawHttpError.None) && read == message is not null, "a message without a verdict");
            if (message is not null)
            {
                Check(message, requestMethod, bytes.Length);
            }
        }
    }

    private static void Check(RawHttpMessage message, string? requestMethod, int length)
    {
        Oracle.Holds(message.Fields.Count + message.Trailers.Count <= RawHttpMessage.MaxFields && message.Body.Length <= RawHttpMessage.MaxBodySize, "a message is over its limits");
        Oracle.Holds(message.IsResponse ? message.Status is >= 100 and <= 999 : message.Target.Length > 0, "a message is neither of the two");
        byte[] more = message.With(Added);
        Oracle.Holds(more.Length > length, "nothing was added");
        if (!RawHttpMessage.TryParse(more, requestMethod, out RawHttpMessage? again, out RawHttpError error))
        {
            Oracle.Holds(error is RawHttpError.HeadTooLarge or RawHttpError.TooManyFields, "a field more makes another message of it");
            return;
        }

        Oracle.Holds(again.Method == message.Method && again.Target == message.Target && again.Status == message.Status, "the start line changed");
        Oracle.Holds(again.Fields.SequenceEqual(message.Fields.Append(Added)) && again.Trailers.SequenceEqual(message.Trailers), "the fields changed");
        Oracle.Same(again.Body.Span, message.Body.Span, "the body changed");
    }
}
