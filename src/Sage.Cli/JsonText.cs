using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sage.Cli;

/// <summary>Writes JSON for a terminal or a script, which is no web page: nothing is escaped that need not be.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = OneLine with { Indented = true };

    /// <summary>One object on one line.</summary>
    public static string Object(Action<Utf8JsonWriter> members) => Write(OneLine, writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>The same JSON, for reading.</summary>
    public static string Indent(ReadOnlyMemory<byte> utf8Json)
    {
        using JsonDocument document = JsonDocument.Parse(utf8Json);
        return Write(Indented, document.RootElement.WriteTo);
    }

    private static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
