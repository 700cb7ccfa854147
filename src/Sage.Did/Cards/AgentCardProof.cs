using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// The proof of an agent card (SAGE profile P1 §7): a signature over the canonical JSON of the card without <c>proof</c>.
/// What stands inside <c>proof</c> is not signed.
/// </summary>
public static class AgentCardProof
{
    /// <summary>The largest card, in bytes.</summary>
    public const int MaxCardSize = 256 * 1024;

    private const string Purpose = "assertionMethod";

    /// <summary>Signs a card and adds the proof as its last member.</summary>
    /// <param name="utf8Card">The card as JSON without a proof, for example of <see cref="AgentCard.Create"/>.</param>
    /// <param name="signer">The signer of the key; Ed25519 or secp256k1.</param>
    /// <param name="fragment">The name of the key in the card, for example <c>key-1</c>.</param>
    /// <param name="created">When the proof is made.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The card with its proof.</returns>
    /// <exception cref="ArgumentException">The card is malformed or has a proof, or the signer is of another algorithm.</exception>
    public static async ValueTask<byte[]> SignAsync(
        ReadOnlyMemory<byte> utf8Card, ISigner signer, string fragment, DateTimeOffset created, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentException.ThrowIfNullOrEmpty(fragment);
        string proofType = CardKeyType.Of(signer.PublicKey.Algorithm)?.ProofType
            ?? throw new ArgumentException($"A {signer.PublicKey.Algorithm.Name} key does not sign cards.", nameof(signer));
        if (!StrictJson.TryParse(utf8Card, MaxCardSize, out JsonDocument? document))
        {
            throw new ArgumentException("The card is not JSON.", nameof(utf8Card));
        }

        using (document)
        {
            JsonElement card = document.RootElement;
            if (card.ValueKind != JsonValueKind.Object || card.TryGetProperty("proof", out _) || Text(card, "id") is not { } id)
            {
                throw new ArgumentException("The card is not an object with an id and without a proof.", nameof(utf8Card));
            }

            byte[] signature = await signer
                .SignAsync(SigningPurpose.AgentCard, JsonCanonicalizer.Canonicalize(card, null), cancellationToken).ConfigureAwait(false);
            return Write(card, proofType, $"{id}#{fragment}", created, signature);
        }
    }

    /// <summary>Checks a card as it was received.</summary>
    /// <param name="utf8Card">The card as JSON; members this version does not know are part of what is signed.</param>
    /// <param name="record">
    /// The agent's record from a registry. Without it a good card is only <see cref="AgentCardResult.SelfAsserted"/>.
    /// </param>
    public static AgentCardResult Verify(ReadOnlyMemory<byte> utf8Card, AgentRecord? record = null)
    {
        if (!StrictJson.TryParse(utf8Card, MaxCardSize, out JsonDocument? document))
        {
            return AgentCardResult.Malformed;
        }

        using (document)
        {
            return Verify(document.RootElement, record);
        }
    }

    private static AgentCardResult Verify(JsonElement card, AgentRecord? record)
    {
        if (!TryReadProof(card, out string? id, out JsonElement proof, out string? fragment, out byte[]? signature))
        {
            return AgentCardResult.Malformed;
        }

        if (CardKeyType.OfProof(Text(proof, "type")) is not { } type || FindKey(card, $"{id}#{fragment}", type, id) is not { } entry)
        {
            return AgentCardResult.KeyNotFound;
        }

        if (ReadKey(entry) is not { } bytes || !PublicKey.TryImport(type.Algorithm, bytes, out PublicKey? key))
        {
            return AgentCardResult.KeyInvalid;
        }

        if (record is not null && (record.Did.Value != id || !key.Equals(record.FindSigningKey(fragment))))
        {
            return AgentCardResult.RecordMismatch;
        }

        if (!key.Verify(JsonCanonicalizer.Canonicalize(card, "proof"), signature))
        {
            return AgentCardResult.BadSignature;
        }

        return record is null ? AgentCardResult.SelfAsserted : AgentCardResult.Valid;
    }

    private static bool TryReadProof(
        JsonElement card, [NotNullWhen(true)] out string? id, out JsonElement proof, [NotNullWhen(true)] out string? fragment,
        [NotNullWhen(true)] out byte[]? signature)
    {
        id = null;
        fragment = null;
        signature = null;
        proof = default;
        if (card.ValueKind != JsonValueKind.Object || (id = Text(card, "id")) is null || !AgentDid.TryParse(id, out _)
            || !card.TryGetProperty("proof", out proof) || proof.ValueKind != JsonValueKind.Object
            || Text(proof, "proofPurpose") != Purpose || !DidUrl.TryParse(Text(proof, "verificationMethod"), out DidUrl method)
            || method.Did.Value != id || method.Fragment is null
            || Text(proof, "proofValue") is not { } value || !Base58.TryDecode(value, KeyAlgorithm.Secp256k1.SignatureSize, out signature))
        {
            return false;
        }

        fragment = method.Fragment;
        return true;
    }

    /// <summary>The one key of a name and a type; null if there is none, or a second one of that name.</summary>
    private static JsonElement? FindKey(JsonElement card, string name, CardKeyType type, string controller)
    {
        if (!card.TryGetProperty("publicKey", out JsonElement keys) || keys.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        JsonElement[] named = [.. keys.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.Object && Text(key, "id") == name).Take(2)];
        return named is [JsonElement only] && Text(only, "type") == type.KeyType && Text(only, "controller") == controller ? only : null;
    }

    // Readers differ in which of the two they take, so a card in which they differ is a different card to each.
    private static byte[]? ReadKey(JsonElement entry)
    {
        if (Text(entry, "publicKeyBase58") is not { } base58 || !Base58.TryDecode(base58, KeyAlgorithm.Secp256k1.PublicKeySize, out byte[]? bytes)
            || Text(entry, "publicKeyHex") is not { } hex || !string.Equals(hex, Convert.ToHexString(bytes), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return bytes;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Write(JsonElement card, string proofType, string verificationMethod, DateTimeOffset created, byte[] signature)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in card.EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.WriteStartObject("proof");
            writer.WriteString("type", proofType);
            writer.WriteString("created", Rfc3339.Format(created));
            writer.WriteString("verificationMethod", verificationMethod);
            writer.WriteString("proofPurpose", Purpose);
            writer.WriteString("proofValue", Base58.Encode(signature));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
