using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did.Internal;

/// <summary>The JSON-LD form of documents and the JSON form of resolutions (W3C DID Core, DID Resolution).</summary>
internal static class DocumentJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DidDocument document) => Write(writer => Write(document, writer));

    public static byte[] Write(DidResolution resolution, DateTimeOffset now) => Write(writer => Write(resolution, now, writer));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(DidResolution resolution, DateTimeOffset now, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("didDocument");
        if (resolution.Document is { } document)
        {
            Write(document, writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteStartObject("didDocumentMetadata");
        writer.WriteBoolean("deactivated", resolution.Status == DidResolutionStatus.Deactivated);
        if (resolution.Record is { IsValid: true } record)
        {
            WriteText("versionId", record.VersionId, writer);
            WriteText("created", record.CreatedAt, writer);
            WriteText("updated", record.UpdatedAt, writer);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("didResolutionMetadata");
        WriteText("contentType", resolution.Document is null ? null : "application/did+ld+json", writer);
        WriteText("error", Error(resolution.Status), writer);
        writer.WriteString("source", resolution.Source);
        writer.WriteString("observedAt", Rfc3339.Format(resolution.ObservedAt));
        writer.WriteNumber("ageSeconds", Math.Round(resolution.AgeAt(now).TotalSeconds, 3));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(DidDocument document, Utf8JsonWriter writer)
    {
        string did = document.Id.Value;
        writer.WriteStartObject();
        writer.WriteStartArray("@context");
        writer.WriteStringValue("https://www.w3.org/ns/did/v1");
        writer.WriteStringValue("https://w3id.org/security/multikey/v1");
        writer.WriteEndArray();
        writer.WriteString("id", did);
        writer.WriteStartArray("verificationMethod");
        foreach (VerificationMethod method in document.VerificationMethods)
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"{did}#{method.Fragment}");
            writer.WriteString("type", "Multikey");
            writer.WriteString("controller", did);
            writer.WriteString("publicKeyMultibase", Multikey.Encode(method.PublicKey));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteReferences("authentication", did, document.Authentication, writer);
        WriteReferences("assertionMethod", did, document.AssertionMethod, writer);
        WriteReferences("keyAgreement", did, document.KeyAgreement, writer);
        WriteServices(document, writer);
        writer.WriteEndObject();
    }

    private static void WriteReferences(string name, string did, IReadOnlyList<VerificationMethod> methods, Utf8JsonWriter writer)
    {
        if (methods.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (VerificationMethod method in methods)
        {
            writer.WriteStringValue($"{did}#{method.Fragment}");
        }

        writer.WriteEndArray();
    }

    private static void WriteServices(DidDocument document, Utf8JsonWriter writer)
    {
        if (document.Services.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("service");
        foreach (DidService service in document.Services)
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"{document.Id.Value}#{service.Fragment}");
            writer.WriteString("type", service.Type);
            writer.WriteString("serviceEndpoint", service.Endpoint);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // The names that DID Resolution gives; a deactivated DID is not an error there.
    private static string? Error(DidResolutionStatus status) => status switch
    {
        DidResolutionStatus.NotFound => "notFound",
        DidResolutionStatus.Invalid => "invalidDid",
        DidResolutionStatus.MethodNotSupported => "methodNotSupported",
        _ => null,
    };

    private static void WriteText(string name, string? text, Utf8JsonWriter writer)
    {
        if (!string.IsNullOrEmpty(text))
        {
            writer.WriteString(name, text);
        }
    }
}
