using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sage.Cli;

/// <summary>Writes the one-line objects of <c>--json</c>.</summary>
internal static class JsonText
{
    // The output goes to a terminal or a script, not into a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Object(Action<Utf8JsonWriter> members)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
