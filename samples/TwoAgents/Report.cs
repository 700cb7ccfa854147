using System.Text;

namespace TwoAgents;

/// <summary>Aligned lines, and whether everything was as it should be.</summary>
internal sealed class Report(TextWriter output)
{
    private const int LongestText = 2000;

    private static readonly string NextLine = "\n" + new string(' ', 20);

    public bool IsGood { get; private set; } = true;

    public void Heading(string text) => output.WriteLine($"\n{text}");

    public void Line(string name, string value) => output.WriteLine($"  {name,-18}{value}");

    /// <summary>A line that must hold; if it does not, the program ends with exit code 1.</summary>
    public void Check(string name, bool holds, string value)
    {
        Line(name, holds ? value : $"NOT AS IT SHOULD BE: {value}");
        IsGood &= holds;
    }

    /// <summary>Bytes as text: the beginning if they are many, and nothing a terminal would obey.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestText)]);
        text = string.Concat(text.Select(character => char.IsControl(character) && character != '\n' ? '·' : character));
        text = text.TrimEnd('\n').Replace("\n", NextLine, StringComparison.Ordinal);
        return bytes.Length <= LongestText ? text : $"{text[..60]}… ({bytes.Length} bytes)";
    }
}
