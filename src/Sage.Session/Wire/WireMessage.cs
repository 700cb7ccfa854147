using System.Buffers;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Session;

/// <summary>The envelope of a request (SAGE profile P1 §8.1). Only <see cref="Payload"/> is covered by the signature.</summary>
public sealed class WireMessage
{
    /// <summary>The largest envelope that is read unless the caller says otherwise: 1 MiB.</summary>
    public const int DefaultMaxSize = 1024 * 1024;

    private WireMessage(string id, string did, ReadOnlyMemory<byte> payload)
    {
        Id = id;
        Did = did;
        Payload = payload;
    }

    /// <summary>Names this message; at most 128 characters.</summary>
    public string Id { get; }

    /// <summary>The context of a handshake and its session; at most 128 characters, or <see langword="null"/>.</summary>
    public string? ContextId { get; private init; }

    /// <summary>What is asked; at most 64 characters, or <see langword="null"/>.</summary>
    public string? TaskId { get; private init; }

    /// <summary>The role the sender claims; at most 64 characters, or <see langword="null"/>. Nothing depends on it.</summary>
    public string? Role { get; private init; }

    /// <summary>The DID the sender claims; at most 256 characters.</summary>
    public string Did { get; }

    /// <summary>The payload; never empty.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The sender's signature over <see cref="Payload"/>; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>At most 16 entries, names of 1 to 64 characters, values of at most 2048. Not signed.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Makes an envelope.</summary>
    /// <param name="id">Names the message.</param>
    /// <param name="did">The sender's DID.</param>
    /// <param name="payload">The payload; not copied.</param>
    /// <param name="signature">The sender's signature over the payload; not copied.</param>
    /// <param name="contextId">The context, or <see langword="null"/>.</param>
    /// <param name="taskId">The task, or <see langword="null"/>.</param>
    /// <param name="role">The role, or <see langword="null"/>.</param>
    /// <param name="metadata">Copied.</param>
    /// <exception cref="ArgumentException">A required member is empty, or a limit is exceeded.</exception>
    public static WireMessage Create(
        string id,
        string did,
        ReadOnlyMemory<byte> payload,
        ReadOnlyMemory<byte> signature,
        string? contextId = null,
        string? taskId = null,
        string? role = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(did);
        RequireLength(id, WireJson.MaxId, nameof(id));
        RequireLength(did, HandshakeText.MaxDid, nameof(did));
        RequireLength(contextId, HandshakeText.MaxContext, nameof(contextId));
        RequireLength(taskId, WireJson.MaxTaskId, nameof(taskId));
        RequireLength(role, WireJson.MaxRole, nameof(role));
        if (payload.IsEmpty)
        {
            throw new ArgumentException("The payload must not be empty.", nameof(payload));
        }

        return new WireMessage(id, did, payload)
        {
            Signature = signature,
            ContextId = EmptyToNull(contextId),
            TaskId = EmptyToNull(taskId),
            Role = EmptyToNull(role),
            Metadata = CopyMetadata(metadata),
        };
    }

    /// <summary>Reads an envelope. Unknown members are ignored; duplicate members, wrong types and broken limits are refused.</summary>
    /// <param name="utf8Json">The JSON text.</param>
    /// <param name="message">The envelope, or <see langword="null"/>.</param>
    /// <param name="maxSize">The most bytes that are read.</param>
    /// <returns><see langword="true"/> if the text is an envelope.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8Json, [NotNullWhen(true)] out WireMessage? message, int maxSize = DefaultMaxSize)
    {
        message = null;
        if (!StrictJson.TryParse(utf8Json, maxSize, out JsonDocument? document))
        {
            return false;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object && TryRead(document.RootElement, out message);
        }
    }

    /// <summary>Writes the envelope as JSON; empty optional members are left out, an empty signature is <c>null</c>.</summary>
    public byte[] ToJson()
    {
        using PooledBufferWriter output = new(512 + ((Payload.Length + Signature.Length) * 4 / 3));
        WriteTo(output);
        return output.ToArray();
    }

    /// <summary>Writes the envelope as JSON, as <see cref="ToJson"/> does.</summary>
    /// <param name="output">Where to write.</param>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        WireJson.WriteOptional(writer, "context_id"u8, ContextId);
        WireJson.WriteOptional(writer, "task_id"u8, TaskId);
        writer.WriteBase64String("payload"u8, Payload.Span);
        writer.WriteString("did"u8, Did);
        if (Signature.IsEmpty)
        {
            writer.WriteNull("signature"u8);
        }
        else
        {
            writer.WriteBase64String("signature"u8, Signature.Span);
        }

        WireJson.WriteOptional(writer, "role"u8, Role);
        if (Metadata.Count > 0)
        {
            writer.WriteStartObject("metadata"u8);
            foreach ((string name, string value) in Metadata)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static bool TryRead(JsonElement root, [NotNullWhen(true)] out WireMessage? message)
    {
        message = null;
        string? id = null, did = null, contextId = null, taskId = null, role = null;
        byte[]? payload = null, signature = null;
        Dictionary<string, string>? metadata = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            JsonElement value = property.Value;
            bool valid =
                property.NameEquals("id"u8) ? WireJson.TryGetText(value, 1, WireJson.MaxId, out id)
                : property.NameEquals("did"u8) ? WireJson.TryGetText(value, 1, HandshakeText.MaxDid, out did)
                : property.NameEquals("context_id"u8) ? WireJson.TryGetText(value, 0, HandshakeText.MaxContext, out contextId)
                : property.NameEquals("task_id"u8) ? WireJson.TryGetText(value, 0, WireJson.MaxTaskId, out taskId)
                : property.NameEquals("role"u8) ? WireJson.TryGetText(value, 0, WireJson.MaxRole, out role)
                : property.NameEquals("payload"u8) ? WireJson.TryGetBase64(value, out payload)
                : property.NameEquals("signature"u8) ? value.ValueKind == JsonValueKind.Null || WireJson.TryGetBase64(value, out signature)
                : !property.NameEquals("metadata"u8) || WireJson.TryGetMetadata(value, out metadata);
            if (!valid)
            {
                return false;
            }
        }

        if (id is null || did is null || payload is not { Length: > 0 })
        {
            return false;
        }

        message = new WireMessage(id, did, payload)
        {
            Signature = signature,
            ContextId = EmptyToNull(contextId),
            TaskId = EmptyToNull(taskId),
            Role = EmptyToNull(role),
            Metadata = metadata is { Count: > 0 } ? metadata.AsReadOnly() : ReadOnlyDictionary<string, string>.Empty,
        };
        return true;
    }

    private static ReadOnlyDictionary<string, string> CopyMetadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        Dictionary<string, string> copy = new(metadata.Count, StringComparer.Ordinal);
        foreach ((string name, string value) in metadata)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(metadata));
            ArgumentNullException.ThrowIfNull(value, nameof(metadata));
            RequireLength(name, WireJson.MaxMetadataName, nameof(metadata));
            RequireLength(value, WireJson.MaxMetadataValue, nameof(metadata));
            copy.Add(name, value);
        }

        return copy.Count <= WireJson.MaxMetadata
            ? copy.AsReadOnly()
            : throw new ArgumentException($"An envelope has at most {WireJson.MaxMetadata} metadata entries.", nameof(metadata));
    }

    private static string? EmptyToNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static void RequireLength(string? text, int maxLength, string parameter)
    {
        if (text?.Length > maxLength)
        {
            throw new ArgumentException($"At most {maxLength} characters are allowed.", parameter);
        }
    }
}
