using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Fuzz;

/// <summary>JSON, encodings, key formats and the key store file.</summary>
internal static class CryptoTargets
{
    public static FuzzTarget[] All { get; } =
    [
        new("jcs", "canonical form twice is canonical form once", Jcs, "{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud83d\\ude02", "\\ud800", "1e21", "-0", "null", "true"),
        new("base64", "what decodes encodes to the same text", Base64, "=", "==", "A", "/", "+", "-", "_", " ", "\n"),
        new("base58", "what decodes encodes to the same text", Base58Text, "1", "11", "z", "Q", "0", "O", "l"),
        new("signing-shapes", "no bytes have the shape of two purposes", SigningShape, "\"@signature-params\": (", "\n", "SAGE-PoP:did:", "SAGE-Registry:v1\n{", "{\"initDid\":\"", "\"@context\":", "\"sigB64\"", "\0\0\0\0\0\0\0\0"),
        new("key-store", "a key store file is read or refused", KeyStore, "\"mac\": \"", "\"checksum\": \"", "\"kdf\"", "\"memory_kib\": 262145", "\"keys\": []", "\"version\": 2"),
        new("public-key", "what imports exports to bytes that import to an equal key", PublicKeyBytes, "\u0002", "\u0003", "\u0004"),
        new("recover", "a recovered key verifies what it was recovered from", Recover, "\0", "\u0001"),
    ];

    private static void Jcs(ReadOnlySpan<byte> input)
    {
        if (!JsonCanonicalizer.TryCanonicalize(input, out byte[]? canonical))
        {
            return;
        }

        Oracle.Holds(JsonCanonicalizer.TryCanonicalize(canonical, out byte[]? again), "the canonical form is not acceptable JSON");
        Oracle.Same(canonical, again, "the canonical form is not its own canonical form");
        using JsonDocument left = JsonDocument.Parse(input.ToArray());
        using JsonDocument right = JsonDocument.Parse(canonical);
        Oracle.Holds(SameValue(left.RootElement, right.RootElement), "canonicalising changed a value");
    }

    // Not JsonElement.DeepEquals: that compares numbers as decimals, while RFC 8785 takes each for its nearest double.
    private static bool SameValue(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return left.GetPropertyCount() == right.GetPropertyCount()
                    && left.EnumerateObject().All(member => right.TryGetProperty(member.Name, out JsonElement other) && SameValue(member.Value, other));
            case JsonValueKind.Array:
                return left.GetArrayLength() == right.GetArrayLength()
                    && left.EnumerateArray().Zip(right.EnumerateArray(), SameValue).All(same => same);
            case JsonValueKind.String:
                return string.Equals(left.GetString(), right.GetString(), StringComparison.Ordinal);
            case JsonValueKind.Number:
                return left.GetDouble().Equals(right.GetDouble()) || left.GetDouble() == right.GetDouble();
            default:
                return true;
        }
    }

    private static void Base64(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        if (StrictBase64.TryDecode(text, 4096, out byte[]? bytes))
        {
            Oracle.Same(Convert.ToBase64String(bytes), text, "base64 is not canonical");
        }

        if (StrictBase64.TryDecodeUrl(text, 4096, out bytes))
        {
            Oracle.Same(StrictBase64.EncodeUrl(bytes), text, "base64url is not canonical");
        }
    }

    private static void Base58Text(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        if (Base58.TryDecode(text, 512, out byte[]? bytes))
        {
            Oracle.Same(Base58.Encode(bytes), text, "base58 is not canonical");
        }

        if (input.Length <= 512)
        {
            Oracle.Holds(Base58.TryDecode(Base58.Encode(input), 512, out bytes), "base58 does not read what it wrote");
            Oracle.Same(bytes, input, "base58 changed the bytes");
        }
    }

    private static void SigningShape(ReadOnlySpan<byte> input)
    {
        int accepted = 0;
        foreach (SigningPurpose purpose in Enum.GetValues<SigningPurpose>())
        {
            accepted += purpose.Accepts(input) ? 1 : 0;
        }

        Oracle.Holds(accepted <= 1, "the bytes have the shape of two purposes");
    }

    private static void KeyStore(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        if (KeyStoreFile.TryParse(bytes, out KeyStoreFile? file, out KeyStoreError error))
        {
            Oracle.Holds(file.Content.Cost.IsAcceptable, "a store that asks for too much was read");
        }
        else
        {
            Oracle.Holds(error is KeyStoreError.Corrupted or KeyStoreError.Unsupported, "the error is not one of the two");
        }

        // The checksum refuses nearly every mutation, so the reader behind it is called without it too.
        if (StrictJson.TryParse(bytes, KeyStoreFile.MaximumSize, out JsonDocument? document))
        {
            using (document)
            {
                if (KeyStoreReader.TryRead(document.RootElement) is { } content)
                {
                    Oracle.Same(KeyStoreWriter.WriteBody(content), KeyStoreWriter.WriteBody(ReadBack(content)), "the file changes when it is written again");
                }
            }
        }
    }

    private static KeyStoreContent ReadBack(KeyStoreContent content)
    {
        byte[] whole = [.. KeyStoreWriter.WriteBody(content), .. ""","checksum":"","mac":""}"""u8];
        Oracle.Holds(StrictJson.TryParse(whole, KeyStoreFile.MaximumSize * 2, out JsonDocument? document), "what was written is not JSON");
        using (document)
        {
            return KeyStoreReader.TryRead(document!.RootElement) ?? throw new OracleException("what was written does not read");
        }
    }

    private static void PublicKeyBytes(ReadOnlySpan<byte> input)
    {
        foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
        {
            if (PublicKey.TryImport(algorithm, input, out PublicKey? key))
            {
                Oracle.Holds(algorithm.PublicKeySize == 0 || key.Bytes.Length == algorithm.PublicKeySize, "the exported size is not the algorithm's");
                Oracle.Holds(PublicKey.TryImport(algorithm, key.Bytes, out PublicKey? again) && again.Equals(key), "the exported key does not import");
            }
        }
    }

    private static void Recover(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> signature = input[..Math.Min(65, input.Length)];
        ReadOnlySpan<byte> message = input[signature.Length..];
        if (PublicKey.TryRecover(message, signature, out PublicKey? key))
        {
            Oracle.Holds(key.Verify(message, signature), "the recovered key does not verify the signature");
        }
    }
}
