using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>The content of an answer that asks for a cookie: an object whose only member is the cookie.</summary>
internal static class CookieChallenge
{
    /// <summary>The error text that goes with a challenge.</summary>
    public const string Error = "cookie required or invalid";

    /// <summary>The metadata entry that carries the cookie back.</summary>
    public const string MetadataName = "cookie";

    private const int MaxCookie = 1024;
    private const int MaxSize = 4096;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a text is 1 to 1024 base64url characters. What they encode is the other side's affair.</summary>
    public static bool IsCookie(string cookie) => cookie.Length is >= 1 and <= MaxCookie && !cookie.AsSpan().ContainsAnyExcept(Alphabet);

    public static byte[] Write(string cookie)
    {
        if (!IsCookie(cookie))
        {
            throw new ArgumentException($"A cookie is 1 to {MaxCookie} base64url characters.", nameof(cookie));
        }

        Span<byte> buffer = stackalloc byte[MaxCookie + 16];
        Utf8TextBuilder text = new(buffer);
        text.Append("{\"cookie\":\""u8);
        text.Append(cookie);
        text.Append("\"}"u8);
        return text.Written.ToArray();
    }

    public static bool TryParse(ReadOnlyMemory<byte> data, [NotNullWhen(true)] out string? cookie)
    {
        cookie = null;
        if (!StrictJson.TryParse(data, MaxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() != 1
                || !root.TryGetProperty("cookie"u8, out JsonElement member)
                || !WireJson.TryGetText(member, 1, MaxCookie, out string? text) || !IsCookie(text))
            {
                return false;
            }

            cookie = text;
            return true;
        }
    }
}
