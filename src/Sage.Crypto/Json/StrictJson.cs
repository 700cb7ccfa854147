using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace Sage.Crypto.Internal;

/// <summary>
/// Reads JSON from outside: duplicate members, invalid UTF-8, lone surrogates, deep nesting, numbers beyond a double,
/// comments, trailing commas and trailing data are refused. What comes out can be read as a plain JsonElement.
/// </summary>
internal static class StrictJson
{
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    public static bool TryParse(ReadOnlyMemory<byte> utf8, int maxBytes, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        if (utf8.Length > maxBytes || !Utf8.IsValid(utf8.Span))
        {
            return false;
        }

        JsonDocument? parsed = null;
        try
        {
            parsed = JsonDocument.Parse(utf8, Options);
            if (!HasOnlyWholeValues(utf8.Span))
            {
                return false;
            }

            document = parsed;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what System.Text.Json throws for a lone surrogate in a member name.
            return false;
        }
        finally
        {
            if (document is null)
            {
                parsed?.Dispose();
            }
        }
    }

    // The parser leaves escapes and number ranges to whoever reads a value; here every value is read once.
    private static bool HasOnlyWholeValues(ReadOnlySpan<byte> utf8)
    {
        // A value may be a secret (the d of a JWK), so it is unescaped into memory that can be zeroed, not into a string.
        byte[] scratch = utf8.Contains((byte)'\\') ? GC.AllocateUninitializedArray<byte>(utf8.Length, pinned: true) : [];
        try
        {
            Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName or JsonTokenType.String when reader.ValueIsEscaped:
                        // Throws InvalidOperationException for a lone surrogate.
                        _ = reader.CopyString(scratch);
                        break;
                    case JsonTokenType.Number when !reader.TryGetDouble(out double number) || !double.IsFinite(number):
                        return false;
                    default:
                        break;
                }
            }

            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch);
        }
    }
}
