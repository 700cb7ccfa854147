using System.Text.Json;

namespace Sage.Cli;

/// <summary>
/// One object of a vector. It remembers which members were read, so that a value nobody looked at cannot pass as checked.
/// </summary>
internal sealed class VectorObject
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<VectorObject> children = [];

    public VectorObject(JsonElement element, string path)
    {
        this.element = element.ValueKind == JsonValueKind.Object ? element : throw new VectorMismatchException($"{path} is not an object");
        this.path = path;
    }

    public IEnumerable<string> Names => element.EnumerateObject().Select(member => member.Name);

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public string Text(string name) => Member(name, JsonValueKind.String).GetString()!;

    /// <summary>Lower-case hex.</summary>
    public byte[] Bytes(string name)
    {
        string text = Text(name);
        return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower)
            ? Convert.FromHexString(text)
            : throw new VectorMismatchException($"{path}.{name} is not lower-case hex");
    }

    public long Integer(string name) => Member(name, JsonValueKind.Number).TryGetInt64(out long value)
        ? value
        : throw new VectorMismatchException($"{path}.{name} is not an integer");

    public VectorObject Object(string name)
    {
        VectorObject child = new(Member(name, JsonValueKind.Object), $"{path}.{name}");
        children.Add(child);
        return child;
    }

    public IReadOnlyList<string> Texts(string name) =>
        [.. Member(name, JsonValueKind.Array).EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new VectorMismatchException($"{path}.{name} has an item that is not a string"))];

    public IReadOnlyList<VectorObject> Objects(string name)
    {
        List<VectorObject> items = [.. Member(name, JsonValueKind.Array).EnumerateArray().Select((item, index) => new VectorObject(item, $"{path}.{name}[{index}]"))];
        children.AddRange(items);
        return items;
    }

    public void Expect(string name, string actual)
    {
        if (Text(name) != actual)
        {
            throw new VectorMismatchException($"{path}.{name} is {Text(name)}, computed {actual}");
        }
    }

    public void Expect(string name, ReadOnlySpan<byte> actual) => Expect(name, Convert.ToHexStringLower(actual));

    public void Expect(string name, long actual)
    {
        if (Integer(name) != actual)
        {
            throw new VectorMismatchException($"{path}.{name} is {Integer(name)}, computed {actual}");
        }
    }

    public void Expect(string name, IReadOnlyList<string> actual)
    {
        if (!Texts(name).SequenceEqual(actual, StringComparer.Ordinal))
        {
            throw new VectorMismatchException($"{path}.{name} is [{string.Join(", ", Texts(name))}], computed [{string.Join(", ", actual)}]");
        }
    }

    /// <exception cref="VectorMismatchException">A member was neither used nor compared.</exception>
    public void RequireAllUsed()
    {
        if (Names.FirstOrDefault(name => !used.Contains(name)) is { } unused)
        {
            throw new VectorMismatchException($"{path}.{unused} is not known");
        }

        children.ForEach(child => child.RequireAllUsed());
    }

    private JsonElement Member(string name, JsonValueKind kind)
    {
        used.Add(name);
        return element.TryGetProperty(name, out JsonElement member) && member.ValueKind == kind
            ? member
            : throw new VectorMismatchException($"{path}.{name} is missing or not of the kind {kind}");
    }
}
