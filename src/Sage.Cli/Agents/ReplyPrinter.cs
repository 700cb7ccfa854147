using System.Text;
using Sage.Session;

namespace Sage.Cli;

/// <summary>Prints replies: one a line, or one JSON object a line, or the bytes of a single one.</summary>
internal sealed class ReplyPrinter(Terminal terminal, bool asJson, bool asBytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int number;

    public async Task PrintAsync(SessionMessage reply, CancellationToken cancellationToken)
    {
        number++;
        if (asJson)
        {
            await terminal.Text.WriteLineAsync(ToJson(reply));
            return;
        }

        await terminal.Output.WriteAsync(reply.Content, cancellationToken);
        if (!asBytes)
        {
            await terminal.Output.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }

        await terminal.Output.FlushAsync(cancellationToken);
    }

    private string ToJson(SessionMessage reply) => JsonText.Object(members =>
    {
        members.WriteNumber("number", number);
        members.WriteString("from", reply.Peer.Value);
        members.WriteString("reply", Text(reply.Content.Span));
        members.WriteBase64String("reply_base64", reply.Content.Span);
    });

    /// <summary>Null for bytes that are not text.</summary>
    private static string? Text(ReadOnlySpan<byte> content)
    {
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
