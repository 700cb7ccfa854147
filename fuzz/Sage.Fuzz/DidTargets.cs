using System.Text;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Fuzz;

/// <summary>DIDs, DID URLs and agent records.</summary>
internal static class DidTargets
{
    public static FuzzTarget[] All { get; } =
    [
        new("did", "what is read is printed as it was", Did, "did:sage:ethereum:0x", "did:key:z6Mk", "did:sage:eip155:1:0x", "did:", ":", "#key-1", "%41", "%", "|", "~", "\u00e9"),
        new("agent-record", "read, written, read, written gives the same bytes, and no unproven key is usable", Record, "\"did\":\"did:sage:ethereum:0x", "\"keys\":[", "\"type\":1", "\"key_data\":\"", "\"signature\":\"", "\"verified\":true", "\"is_active\":true", "\"public_kem_key\":\"", "\"capabilities\":{", "\"version\":1", "\"revoked\":[", "\"owner_proof\":{\"op\":\"register\",\"previous\":\"\",\"signature\":\"\"}", "null"),
        new("registry-file", "a record that is put into a file is found in it, and nothing else of the file changes", RegistryFileContent, "{\"records\":[", "]}", ",", "{\"did\":\"did:sage:ethereum:0x3333333333333333333333333333333333333333\"}", "\"did\":", "\"records\":[]", "\\u0064id", "\ufeff"),
    ];

    private static readonly AgentDid Someone = AgentDid.Parse("did:sage:ethereum:0x3333333333333333333333333333333333333333");

    private static readonly byte[] SomeonesRecord = new AgentRecord { Did = Someone, Name = "someone", IsActive = true }.ToJson();

    private static void Did(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (AgentDid.TryParse(text, out AgentDid did))
        {
            Oracle.Same(did.ToString(), text, "a DID changed");
            Oracle.Same($"did:{did.Method}:{did.MethodSpecificId}", text, "the parts are not the whole");
            Oracle.Holds(text.Length <= AgentDid.MaxLength && Encoding.UTF8.GetByteCount(text) == text.Length, "a DID is too long or not ASCII");
            Oracle.Holds(!text.Contains('|') && !text.Contains('#') && !text.Contains('"') && !text.Any(char.IsControl), "a DID could break out of where it is put");
        }

        if (DidUrl.TryParse(text, out DidUrl url))
        {
            Oracle.Same(url.ToString(), text, "a DID URL changed");
        }

        if (SageDid.TryParse(text, out SageDid? sage))
        {
            Oracle.Holds(sage.Did.Value == text && SageDid.TryParseChain(sage.Chain, out string? chain) && chain == sage.Chain, "the chain is not canonical");
            Oracle.Holds(text.EndsWith(":" + sage.Identifier, StringComparison.Ordinal), "the identifier is not the rest");
            if (sage.TryGetOwnerAddress(out string? address))
            {
                Oracle.Holds(address.Length == 42 && !address.Any(char.IsAsciiLetterUpper), "an address is not in its form");
            }
        }
    }

    private static void RegistryFileContent(ReadOnlySpan<byte> input)
    {
        // Nothing is written over what is no readable record.
        if (RegistryFile.TryParse(input.ToArray(), null) is not { } file || file.Find(Someone) is { Record: null })
        {
            return;
        }

        bool wasThere = file.Find(Someone) is not null;
        byte[] written = file.With(Someone, SomeonesRecord);
        RegistryFile again = RegistryFile.TryParse(written, file) ?? throw new OracleException("a file that was written does not read");
        Oracle.Holds(again.Find(Someone)?.Record is { Name: "someone" }, "a record that was written is not found");
        // An element that names two DIDs is no record; replacing it for one of them takes it out of the other's way too.
        Oracle.Holds(wasThere ? again.Count <= file.Count : again.Count == file.Count + 1, "another record came or went");
        Oracle.Same(again.With(Someone, SomeonesRecord), written, "writing the same record again changes the file");
        Oracle.Holds(written.Length - input.Length <= SomeonesRecord.Length + 2, "the file grew by more than the record");
    }

    private static void Record(ReadOnlySpan<byte> input)
    {
        if (!AgentRecord.TryParse(input.ToArray(), out AgentRecord? record))
        {
            return;
        }

        byte[] written = record.ToJson();
        Oracle.Holds(AgentRecord.TryParse(written, out AgentRecord? again), "a record that was written does not read");
        Oracle.Same(again!.ToJson(), written, "a record changes when it is written again");
        foreach (UsableKey usable in record.SigningKeys)
        {
            RecordKey key = record.Keys[usable.Index - 1];
            Oracle.Holds(record.IsActive && key.Verified, "a key of an inactive record, or not said to be verified, is usable");
            Oracle.Holds(ProofOfPossession.Verify(record.Did, usable.Key, key.KeyData.Span, key.Signature.Span), "a usable key has no proof");
            Oracle.Holds(!record.Revoked.Any(revoked => revoked.Span.SequenceEqual(key.KeyData.Span)), "a revoked key is usable");
        }

        PublicKey? signing = record.HandshakeSigningKey;
        Oracle.Holds(signing is null ? record.SigningKeys.Count == 0 : record.SigningKeys.Any(usable => usable.Key.Equals(signing)), "the handshake key is not one of the usable ones");
        Oracle.Holds(record.KeyAgreementKey is null || signing is not null, "an agreement key stands without a signing key");
    }
}
