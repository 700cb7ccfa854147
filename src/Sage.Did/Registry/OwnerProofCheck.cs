using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto;

namespace Sage.Did;

/// <summary>
/// The signature behind <c>owner_proof</c>: over <c>SAGE-Registry:v1\n</c> and the canonical JSON of
/// <c>{did, op, version, previous, record}</c>, where <c>record</c> is the record without <c>owner_proof</c>.
/// </summary>
internal static class OwnerProofCheck
{
    private const string ProofMember = "owner_proof";

    /// <summary>Whether text has the form of <see cref="Hash"/>, or is empty, which stands for no record.</summary>
    public static bool IsHash(string text) => text.Length == 0 || (text.Length == 64 && text.All(char.IsAsciiHexDigitLower));

    /// <summary>Whether a record carries no proof, or one by the owner its DID names.</summary>
    public static bool IsAcceptable(AgentRecord record) => record.OwnerProof is null || IsByOwner(record);

    /// <summary>Whether a record carries a proof by the owner its DID names.</summary>
    public static bool IsByOwner(AgentRecord record) =>
        record.OwnerProof is { } proof && RegistryOperation.IsKnown(proof.Operation) && IsHash(proof.Previous)
        && SageDid.TryParse(record.Did.Value, out SageDid? did) && did.TryGetOwnerAddress(out string? owner)
        && PublicKey.TryRecover(SignedBytes(record, proof.Operation, proof.Previous), proof.Signature.Span, out PublicKey? signer)
        && string.Equals(signer.GetEthereumAddress(), owner, StringComparison.Ordinal);

    /// <summary>What the owner signs for a write of a record.</summary>
    public static byte[] SignedBytes(AgentRecord record, string operation, string previous)
    {
        // The members are in canonical order and hold nothing that canonical JSON would escape, the record included.
        string head = $"SAGE-Registry:v1\n{{\"did\":\"{record.Did.Value}\",\"op\":\"{operation}\","
            + $"\"previous\":\"{previous}\",\"record\":";
        string tail = string.Create(System.Globalization.CultureInfo.InvariantCulture, $",\"version\":{record.Version}}}");
        return [.. Encoding.UTF8.GetBytes(head), .. Canonicalize(record.Json, ProofMember), .. Encoding.UTF8.GetBytes(tail)];
    }

    /// <summary>The hash by which the next write names a record: SHA-256 of its canonical JSON, in lower-case hex.</summary>
    public static string Hash(AgentRecord record) => Convert.ToHexStringLower(SHA256.HashData(Canonicalize(record.Json, null)));

    private static byte[] Canonicalize(byte[] json, string? exceptMember)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JsonCanonicalizer.Canonicalize(document.RootElement, exceptMember);
    }
}
