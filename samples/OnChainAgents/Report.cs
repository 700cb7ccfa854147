namespace OnChainAgents;

/// <summary>Aligned lines, and whether everything was as it should be.</summary>
internal sealed class Report(TextWriter output)
{
    public bool IsGood { get; private set; } = true;

    public void Heading(string text) => output.WriteLine($"\n{text}");

    public void Line(string name, string value) => output.WriteLine($"  {name,-22}{value}");

    /// <summary>A line that must hold; if it does not, the program ends with exit code 1.</summary>
    public void Check(string name, bool holds, string value)
    {
        Line(name, holds ? value : $"NOT AS IT SHOULD BE: {value}");
        IsGood &= holds;
    }
}
