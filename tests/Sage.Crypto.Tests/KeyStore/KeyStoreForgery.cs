using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>
/// Changes a store file as somebody without the passphrase can: any member, laid out like the product does it, with a
/// checksum that fits and the MAC that was there.
/// </summary>
internal static class KeyStoreForgery
{
    // The product writes base64 as it is; the default encoder would escape its plus signs.
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Change(byte[] file, Action<JsonObject> change)
    {
        JsonObject root = Parse(file);
        change(root);
        return Seal(root);
    }

    public static JsonObject Parse(byte[] file) => JsonNode.Parse(file)!.AsObject();

    public static JsonArray Keys(byte[] file) => Parse(file)["keys"]!.AsArray();

    /// <summary>Fits the checksum to whatever comes before it.</summary>
    public static byte[] Seal(JsonObject root)
    {
        root.Remove("checksum", out _);
        root.Remove("mac", out JsonNode? mac);
        string body = root.ToJsonString(Layout)[..^"\n}".Length];
        return Seal(body, mac!.GetValue<string>());
    }

    public static byte[] Seal(string body, string mac)
    {
        string checksum = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return Encoding.UTF8.GetBytes($"{body},\n  \"checksum\": \"{checksum}\",\n  \"mac\": \"{mac}\"\n}}\n");
    }

    /// <summary>What the checksum and the MAC cover.</summary>
    public static string Body(byte[] file)
    {
        string text = Encoding.UTF8.GetString(file);
        return text[..text.LastIndexOf(",\n  \"checksum\"", StringComparison.Ordinal)];
    }
}
