using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Did.Ethereum;

/// <summary>An answer of JSON-RPC 2.0 (§5): a result or an error, for one request.</summary>
internal sealed class RpcAnswer
{
    /// <summary>The longest text of a node that is shown, in characters.</summary>
    public const int MaxMessageLength = 256;

    /// <summary>The most error data that is kept, in bytes.</summary>
    public const int MaxErrorData = 64 * 1024;

    private RpcAnswer(JsonElement result, EthereumRpcException? error)
    {
        Result = result;
        Error = error;
    }

    public JsonElement Result { get; }

    public EthereumRpcException? Error { get; }

    /// <summary>Reads an answer; null when it is none, or is for another request.</summary>
    public static RpcAnswer? TryRead(ReadOnlyMemory<byte> utf8, long id, int maxSize)
    {
        if (!StrictJson.TryParse(utf8, maxSize, out JsonDocument? document))
        {
            return null;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("jsonrpc", out JsonElement version)
                || version.ValueKind != JsonValueKind.String
                || !version.ValueEquals("2.0"u8)
                || !root.TryGetProperty("id", out JsonElement answered))
            {
                return null;
            }

            bool hasResult = root.TryGetProperty("result", out JsonElement result);
            bool hasError = root.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null;
            bool isOurs = answered.ValueKind == JsonValueKind.Number && answered.TryGetInt64(out long number) && number == id;

            // A node that could not read the request does not know its id (§5).
            bool isUnread = hasError && answered.ValueKind == JsonValueKind.Null;
            if ((!isOurs && !isUnread) || hasResult == hasError)
            {
                return null;
            }

            return hasResult ? new RpcAnswer(result.Clone(), null) : ReadError(error) is { } read ? new RpcAnswer(default, read) : null;
        }
    }

    private static EthereumRpcException? ReadError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object
            || !error.TryGetProperty("code", out JsonElement code)
            || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt32(out int number)
            || !error.TryGetProperty("message", out JsonElement message)
            || message.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        byte[] data = error.TryGetProperty("data", out JsonElement carried) ? ReadData(carried, depth: 0) : [];
        return new EthereumRpcException(number, Bound(message.GetString()!), data);
    }

    // geth and anvil give the bytes; others put words before them ("Reverted 0x…") or wrap them in an object.
    private static byte[] ReadData(JsonElement data, int depth)
    {
        if (data.ValueKind == JsonValueKind.Object && depth < 2)
        {
            foreach (string name in (ReadOnlySpan<string>)["data", "originalError", "result"])
            {
                if (data.TryGetProperty(name, out JsonElement inner) && ReadData(inner, depth + 1) is { Length: > 0 } found)
                {
                    return found;
                }
            }

            return [];
        }

        if (data.ValueKind != JsonValueKind.String)
        {
            return [];
        }

        string text = data.GetString()!;
        int start = text.IndexOf("0x", StringComparison.Ordinal);
        return start >= 0 && start <= 32 && text.Length - start <= (MaxErrorData * 2) + 2 && RpcHex.TryReadBytes(text.AsSpan(start), out byte[] bytes) ? bytes : [];
    }

    private static string Bound(string text)
    {
        string shown = text.Length <= MaxMessageLength ? text : text[..(MaxMessageLength - 1)] + "…";
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                // Lone surrogates come from the cut; none of the others has a place in a line of a log.
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
            }
        });
    }
}
