using System.Globalization;
using System.Text;

namespace Sage.Cli.Tests;

[TestFixture]
internal sealed class RawHttpMessageTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a.example\r\n";

    [Test]
    public void A_request_is_read_as_it_stands([Values("\r\n", "\n")] string end)
    {
        RawHttpMessage message = Read($"POST /a%2Fb?q=%20 HTTP/1.1\nHost: A.Example:8443\nX-List: a\nx-list:\t b \nX-Folded: one\n \t two\n\tthree\nX-Empty:\nContent-Length: 3\n\nx\ny".Replace("\n", end, StringComparison.Ordinal).Replace($"x{end}y", "x\ny", StringComparison.Ordinal));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Method, Is.EqualTo("POST"));
            Assert.That(message.Target, Is.EqualTo("/a%2Fb?q=%20"));
            Assert.That(message.Absolute, Is.Null);
            Assert.That(message.Lines("X-LIST"), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(message.Lines("x-folded"), Is.EqualTo(new[] { "one two three" }));
            Assert.That(message.Lines("x-empty"), Is.EqualTo(new[] { "" }));
            Assert.That(Encoding.ASCII.GetString(message.Body.Span), Is.EqualTo("x\ny"));
        }
    }

    [Test]
    public void A_chunked_body_is_taken_out_of_its_chunks_and_its_trailers_are_kept_apart()
    {
        RawHttpMessage message = Read("HTTP/1.1 200 All right\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n00A\r\n, 0 world!\r\n0\r\nX-Sum: 7\r\n\r\n");

        Assert.That(message.Status, Is.EqualTo(200));
        Assert.That(Encoding.ASCII.GetString(message.Body.Span), Is.EqualTo("hello, 0 world!"));
        Assert.That(message.Trailers, Is.EqualTo(new[] { new RawHttpField("X-Sum", "7") }));
        Assert.That(message.Lines("X-Sum"), Is.Empty);
    }

    [TestCase("HTTP/1.1 200 OK\n\nto the end", null, "to the end")]
    [TestCase("HTTP/1.0 404\n\nx", null, "x")]
    [TestCase("HTTP/1.1 200 OK\nContent-Length: 5\n\n", "HEAD", "")]
    [TestCase("HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n", "GET", "")]
    [TestCase("HTTP/1.1 204 No Content\n\n", "GET", "")]
    [TestCase("GET / HTTP/1.1\nHost: a\n\n", null, "")]
    public void A_body_is_as_long_as_the_message_says(string text, string? requestMethod, string body)
    {
        Assert.That(RawHttpMessage.TryParse(Encoding.Latin1.GetBytes(text), requestMethod, out RawHttpMessage? message, out RawHttpError error), Is.True, error.ToString());
        Assert.That(Encoding.Latin1.GetString(message!.Body.Span), Is.EqualTo(body));
    }

    [TestCase("", RawHttpError.Empty)]
    [TestCase("GET / HTTP/1.1", RawHttpError.HeadIncomplete)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n", RawHttpError.HeadIncomplete)]
    [TestCase("\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("GET /\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("GET / HTTP/2\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("GET / http/1.1\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("G(T / HTTP/1.1\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase(" GET / HTTP/1.1\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("HTTP/1.1 20 OK\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("HTTP/1.1 2000\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("HTTP/1.1 +20 x\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("HTTP/1.1 30\0\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("HTTP/1.1 200 O\rK\r\n\r\n", RawHttpError.InvalidStartLine)]
    [TestCase("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET /é HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET 1p://a/ HTTP/1.1\r\nHost: a\r\n\r\n", RawHttpError.InvalidTarget)]
    [TestCase("GET / HTTP/1.1\r\n folded\r\n\r\n", RawHttpError.InvalidField)]
    [TestCase("GET / HTTP/1.1\r\nHost : a\r\n\r\n", RawHttpError.InvalidField)]
    [TestCase("GET / HTTP/1.1\r\n: a\r\n\r\n", RawHttpError.InvalidField)]
    [TestCase("GET / HTTP/1.1\r\nHost\r\n\r\n", RawHttpError.InvalidField)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", RawHttpError.InvalidFieldValue)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", RawHttpError.InvalidFieldValue)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", RawHttpError.InvalidFieldValue)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n b\u007f\r\n\r\n", RawHttpError.InvalidFieldValue)]
    [TestCase("GET / HTTP/1.1\r\n\r\n", RawHttpError.InvalidHost)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nHOST: a\r\n\r\n", RawHttpError.InvalidHost)]
    [TestCase(Get + "Content-Length: +1\r\n\r\nx", RawHttpError.InvalidContentLength)]
    [TestCase(Get + "Content-Length: 1, 1\r\n\r\nx", RawHttpError.InvalidContentLength)]
    [TestCase(Get + "Content-Length:\r\n\r\n", RawHttpError.InvalidContentLength)]
    [TestCase(Get + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", RawHttpError.InvalidContentLength)]
    [TestCase(Get + "Content-Length: 99999999999999999999\r\n\r\nx", RawHttpError.InvalidContentLength)]
    [TestCase(Get + "Content-Length: 9999999999999999999\r\n\r\nx", RawHttpError.BodyTooLarge)]
    [TestCase(Get + "Content-Length: 16777217\r\n\r\nx", RawHttpError.BodyTooLarge)]
    [TestCase(Get + "Content-Length: 2\r\n\r\nx", RawHttpError.BodyIncomplete)]
    [TestCase(Get + "Content-Length: 1\r\n\r\nxy", RawHttpError.TrailingData)]
    [TestCase(Get + "\r\nx", RawHttpError.TrailingData)]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\nx", RawHttpError.TrailingData)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", RawHttpError.InvalidTransferEncoding)]
    [TestCase(Get + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", RawHttpError.InvalidTransferEncoding)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", RawHttpError.InvalidTransferEncoding)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n", RawHttpError.BodyIncomplete)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n5\r\nhell", RawHttpError.BodyIncomplete)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n4\r\nhell", RawHttpError.BodyIncomplete)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n", RawHttpError.InvalidChunk)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", RawHttpError.InvalidChunk)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n", RawHttpError.InvalidChunk)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n\r\nx\r\n0\r\n\r\n", RawHttpError.InvalidChunk)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n000000001\r\nx\r\n0\r\n\r\n", RawHttpError.InvalidChunk)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nx\r\n0\r\n\r\n", RawHttpError.BodyTooLarge)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n0\r\nbad\r\n\r\n", RawHttpError.InvalidField)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n0\r\n", RawHttpError.HeadIncomplete)]
    [TestCase(Get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nx", RawHttpError.TrailingData)]
    public void What_is_not_one_message_is_refused_with_its_reason(string text, RawHttpError expected)
    {
        Assert.That(RawHttpMessage.TryParse(Encoding.Latin1.GetBytes(text), null, out RawHttpMessage? message, out RawHttpError error), Is.False);
        Assert.That(error, Is.EqualTo(expected));
        Assert.That(message, Is.Null);
    }

    [Test]
    public void The_limits_are_exact()
    {
        int room = RawHttpMessage.MaxHeadSize - Get.Length - "X: \r\n\r\n".Length;
        string[] fields = [.. Enumerable.Range(0, RawHttpMessage.MaxFields - 2).Select(number => "x" + number.ToString(CultureInfo.InvariantCulture) + ": 1\r\n")];
        string chunked = Get + "Transfer-Encoding: chunked\r\n" + string.Concat(fields[..^1]) + "\r\n0\r\n";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ErrorOf(Get + "X: " + new string('x', room) + "\r\n\r\n"), Is.EqualTo(RawHttpError.None));
            Assert.That(ErrorOf(Get + "X: " + new string('x', room + 1) + "\r\n\r\n"), Is.EqualTo(RawHttpError.HeadTooLarge));
            Assert.That(ErrorOf(new string('x', RawHttpMessage.MaxHeadSize)), Is.EqualTo(RawHttpError.HeadTooLarge));
            Assert.That(ErrorOf(Get + string.Concat(fields) + "y: 1\r\n\r\n"), Is.EqualTo(RawHttpError.None));
            Assert.That(ErrorOf(Get + string.Concat(fields) + "y: 1\r\ny: 1\r\n\r\n"), Is.EqualTo(RawHttpError.TooManyFields));
            Assert.That(ErrorOf(chunked + "y: 1\r\n\r\n"), Is.EqualTo(RawHttpError.None));
            Assert.That(ErrorOf(chunked + "y: 1\r\ny: 1\r\n\r\n"), Is.EqualTo(RawHttpError.TooManyFields));
        }
    }

    [Test]
    public void Fields_are_added_behind_the_others_and_every_other_byte_stays()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("POST / HTTP/1.1\nHost:  a \nX: \u00e9\n  y\nTransfer-Encoding: chunked\n\n1\nz\n0\nT: 1\n\n");
        Assert.That(RawHttpMessage.TryParse(bytes, null, out RawHttpMessage? message, out _), Is.True);

        byte[] added = message!.With(new RawHttpField("A", "1"), new RawHttpField("B", "2"));

        Assert.That(Encoding.Latin1.GetString(added), Is.EqualTo("POST / HTTP/1.1\nHost:  a \nX: \u00e9\n  y\nTransfer-Encoding: chunked\nA: 1\nB: 2\n\n1\nz\n0\nT: 1\n\n"));
    }

    private static RawHttpError ErrorOf(string text)
    {
        RawHttpMessage.TryParse(Encoding.Latin1.GetBytes(text), null, out _, out RawHttpError error);
        return error;
    }

    private static RawHttpMessage Read(string text)
    {
        Assert.That(RawHttpMessage.TryParse(Encoding.Latin1.GetBytes(text), null, out RawHttpMessage? message, out RawHttpError error), Is.True, error.ToString());
        return message!;
    }
}
