using System.Text;

namespace Sage.Cli;

/// <summary>Where a command reads and writes: the streams of the process, or those of a test.</summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public Terminal(Stream input, Stream output, Stream error)
    {
        Input = input;
        Output = output;
        Text = Writer(output);
        Error = Writer(error);
    }

    public Stream Input { get; }

    /// <summary>Standard output for bytes that are not text.</summary>
    public Stream Output { get; }

    /// <summary>Standard output, UTF-8, flushed with every line so that a reader of the pipe never waits.</summary>
    public TextWriter Text { get; }

    public TextWriter Error { get; }

    public static Terminal OfProcess() =>
        new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError());

    private static StreamWriter Writer(Stream stream) => new(stream, Utf8, leaveOpen: true) { AutoFlush = true, NewLine = "\n" };
}
