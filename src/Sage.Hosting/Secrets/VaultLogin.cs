using System.Buffers;
using System.Text.Json;

namespace Sage.Hosting;

/// <summary>The messages of an AppRole login.</summary>
internal static class VaultLogin
{
    public static byte[] Write(string roleId, string secretId)
    {
        ArrayBufferWriter<byte> body = new();
        using Utf8JsonWriter json = new(body);
        json.WriteStartObject();
        json.WriteString("role_id"u8, roleId);
        json.WriteString("secret_id"u8, secretId);
        json.WriteEndObject();
        json.Flush();
        byte[] written = body.WrittenSpan.ToArray();
        body.Clear();
        return written;
    }

    /// <summary>The token that a login gave.</summary>
    /// <exception cref="SecretException">There is none.</exception>
    public static string ReadToken(byte[] answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("auth", out JsonElement auth) && auth.ValueKind == JsonValueKind.Object
                && auth.TryGetProperty("client_token", out JsonElement token) && token.ValueKind == JsonValueKind.String
                && token.GetString() is { Length: > 0 and <= 4096 } text && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? text
                : throw NoToken();
        }
        catch (JsonException)
        {
            // Its message may quote the text.
            throw NoToken();
        }
    }

    private static SecretException NoToken() => new(SecretError.Unavailable, "Vault answered the AppRole login without a token.");
}
