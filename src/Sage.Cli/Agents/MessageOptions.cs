using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Sage.Session;

namespace Sage.Cli;

/// <summary>The options of <c>sage agent send</c> that say what is sent.</summary>
internal sealed class MessageOptions
{
    public Option<string?> Text { get; } = new("--message") { Description = "The message.", HelpName = "T" };

    public Option<string?> File { get; } = new("--file")
    {
        Description = "A file with the message; the reply is written as it is.",
        HelpName = "F",
        CustomParser = PathArgument.Parse,
    };

    public Argument<string?> Dash { get; } = new(Inputs.StandardInput)
    {
        Description = "Take the message from standard input; the reply is written as it is.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<int> Count { get; } = new("--count")
    {
        Description = "How many messages to send. The i-th is the message with \" #i\" appended, i from 1.",
        HelpName = "N",
        CustomParser = NumberArgument.Between(1, int.MaxValue),
    };

    public void Validate(CommandResult result)
    {
        bool dash = result.GetValue(Dash) is not null;
        int sources = (dash ? 1 : 0) + (result.GetResult(Text) is null ? 0 : 1) + (result.GetResult(File) is null ? 0 : 1);
        if (sources != 1 || (dash && result.GetValue(Dash) != Inputs.StandardInput))
        {
            result.AddError("Give the message as one of: --message T, --file F, or - for standard input.");
        }
    }

    /// <exception cref="CommandException">The message is larger than a session carries.</exception>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async Task<OutgoingMessages> ReadAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        int? count = parsed.GetResult(Count) is null ? null : parsed.GetValue(Count);
        int largest = AgentSessionOptions.MaxMessageSize - Suffix(count).Length;
        byte[] message = parsed.GetValue(Text) is { } text
            ? Encoding.UTF8.GetBytes(text)
            : await Inputs.ReadAsync(terminal, parsed.GetValue(File) ?? Inputs.StandardInput, largest, cancellationToken);
        if (message.Length > largest)
        {
            throw CommandException.Refused($"The message is larger than {largest} bytes.");
        }

        return new OutgoingMessages(
            count is null ? [message] : Enumerable.Range(1, count.Value).Select(number => (byte[])[.. message, .. Suffix(number)]),
            IsOneFile: count is null && parsed.GetValue(Text) is null);
    }

    private static byte[] Suffix(int? number) =>
        number is null ? [] : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" #{number}"));
}
