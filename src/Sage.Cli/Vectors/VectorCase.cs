using System.Text.Json;

namespace Sage.Cli;

/// <summary>One vector: its name, whether its output can be made again, its input and its output.</summary>
internal sealed class VectorCase
{
    private const string Deterministic = "deterministic";

    public VectorCase(JsonElement element)
    {
        VectorObject members = new(element, "vector");
        Name = members.Text("name");
        string mode = members.Text("mode");
        IsDeterministic = mode == Deterministic;
        if (!IsDeterministic && mode != "verify")
        {
            throw new VectorMismatchException($"the mode {mode} is not known");
        }

        Input = new VectorObject(Element(element, "input"), "input");
        Output = new VectorObject(Element(element, "output"), "output");
    }

    public string Name { get; }

    /// <summary>False if the output holds something random: then it is checked, not made again.</summary>
    public bool IsDeterministic { get; }

    public VectorObject Input { get; }

    public VectorObject Output { get; }

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new VectorMismatchException(otherwise);
        }
    }

    private static JsonElement Element(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) ? member : throw new VectorMismatchException($"{name} is missing");
}
