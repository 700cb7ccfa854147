using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>
/// The answer to a <see cref="WireMessage"/> (SAGE profile P1 §8.2). It is not signed: what <see cref="Data"/> holds proves
/// itself, the rest proves nothing.
/// </summary>
public sealed class WireResponse
{
    /// <summary>The largest answer that is read unless the caller says otherwise: 4 MiB.</summary>
    public const int DefaultMaxSize = 4 * 1024 * 1024;

    private WireResponse(bool success, string? messageId, string? taskId, ReadOnlyMemory<byte> data, string? error)
    {
        ClaimsSuccess = success;
        Success = success && string.IsNullOrEmpty(error);
        MessageId = string.IsNullOrEmpty(messageId) ? null : messageId;
        TaskId = string.IsNullOrEmpty(taskId) ? null : taskId;
        Data = data;
        Error = string.IsNullOrEmpty(error) ? null : error;
    }

    /// <summary>Whether the peer claims success; never true together with an <see cref="Error"/>.</summary>
    public bool Success { get; }

    /// <summary>The member as received: a cookie challenge that says success is malformed.</summary>
    internal bool ClaimsSuccess { get; }

    /// <summary>The id of the request, or <see langword="null"/> if the answer does not name it.</summary>
    public string? MessageId { get; }

    /// <summary>The task of the request, or <see langword="null"/> if the answer does not name it.</summary>
    public string? TaskId { get; }

    /// <summary>The content of the answer; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The peer's error text, or <see langword="null"/>. It is the peer's own words: show it as such or not at all.</summary>
    public string? Error { get; }

    /// <summary>An answer that carries data.</summary>
    /// <param name="request">The request that is answered.</param>
    /// <param name="data">The content; not copied.</param>
    public static WireResponse Succeeded(WireMessage request, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new WireResponse(true, request.Id, request.TaskId, data, null);
    }

    /// <summary>A refusal.</summary>
    /// <param name="request">The request that is refused, or <see langword="null"/> if it could not be read.</param>
    /// <param name="error">What the peer is told; at most 2048 characters.</param>
    /// <param name="data">The content; not copied.</param>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public static WireResponse Failed(WireMessage? request, string error, ReadOnlyMemory<byte> data = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(error);
        return error.Length <= WireJson.MaxError
            ? new WireResponse(false, request?.Id, request?.TaskId, data, error)
            : throw new ArgumentException($"At most {WireJson.MaxError} characters are allowed.", nameof(error));
    }

    /// <summary>Reads an answer. Unknown members are ignored; duplicate members, wrong types and broken limits are refused.</summary>
    /// <param name="utf8Json">The JSON text.</param>
    /// <param name="response">The answer, or <see langword="null"/>.</param>
    /// <param name="maxSize">The most bytes that are read.</param>
    /// <returns><see langword="true"/> if the text is an answer.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out WireResponse? response, int maxSize = DefaultMaxSize)
    {
        response = null;
        if (!StrictJson.TryParse(utf8Json, maxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object && TryRead(document.RootElement, out response);
        }
    }

    /// <summary>Writes the answer as JSON and a line feed.</summary>
    public byte[] ToJson()
    {
        using PooledBufferWriter output = new(512 + (Data.Length * 4 / 3));
        WriteTo(output);
        return output.ToArray();
    }

    /// <summary>Writes the answer as JSON and a line feed, as <see cref="ToJson"/> does.</summary>
    /// <param name="output">Where to write.</param>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using (Utf8JsonWriter writer = new(output, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success"u8, Success);
            writer.WriteString("message_id"u8, MessageId ?? "");
            WireJson.WriteOptional(writer, "task_id"u8, TaskId);
            if (!Data.IsEmpty)
            {
                writer.WriteBase64String("data"u8, Data.Span);
            }

            WireJson.WriteOptional(writer, "error"u8, Error);
            writer.WriteEndObject();
        }

        // Go's encoder ends with one, and readers of lines rely on it.
        output.Write("\n"u8);
    }

    private static bool TryRead(JsonElement root, [NotNullWhen(true)] out WireResponse? response)
    {
        response = null;
        bool? success = null;
        string? messageId = null, taskId = null, error = null;
        byte[]? data = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            JsonElement value = property.Value;
            bool valid;
            if (property.NameEquals("success"u8))
            {
                valid = value.ValueKind is JsonValueKind.True or JsonValueKind.False;
                success = value.ValueKind == JsonValueKind.True;
            }
            else
            {
                valid = property.NameEquals("message_id"u8) ? WireJson.TryGetText(value, 0, WireJson.MaxId, out messageId)
                    : property.NameEquals("task_id"u8) ? WireJson.TryGetText(value, 0, WireJson.MaxTaskId, out taskId)
                    : property.NameEquals("data"u8) ? WireJson.TryGetBase64(value, out data)
                    : !property.NameEquals("error"u8) || WireJson.TryGetText(value, 0, WireJson.MaxError, out error);
            }

            if (!valid)
            {
                return false;
            }
        }

        if (success is null)
        {
            return false;
        }

        response = new WireResponse(success.Value, messageId, taskId, data, error);
        return true;
    }
}
