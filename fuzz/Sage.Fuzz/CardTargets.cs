using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Fuzz;

/// <summary>Agent cards, held against the record of an agent whose key is known.</summary>
internal static class CardTargets
{
    private static readonly AgentRecord Record = CreateRecord();

    private static readonly byte[] Genuine = JsonCanonicalizer.Canonicalize(AgentCard.Create(Record));

    public static FuzzTarget[] All { get; } =
    [
        new("agent-card", "only the card that the key signed is worth anything, however it is written", Card, "\"proof\":{", "\"proofPurpose\":\"assertionMethod\"", "\"verificationMethod\":\"", "\"proofValue\":\"", "\"publicKey\":[", "\"publicKeyHex\":\"", "\"type\":\"Ed25519Signature2020\"", "\"created\":\"\"", "\\u0069d", "#key-1", "#key-2"),
    ];

    /// <summary>The card as its agent signs it; the corpus begins with it.</summary>
    public static byte[] SignedCard()
    {
        using PrivateKey signing = SigningKey();
        return AgentCardProof.SignAsync(AgentCard.Create(Record), new KeySigner(signing), "key-1", DateTimeOffset.UnixEpoch).AsTask().GetAwaiter().GetResult();
    }

    private static void Card(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        AgentCardResult alone = AgentCardProof.Verify(bytes);
        AgentCardResult known = AgentCardProof.Verify(bytes, Record);
        Oracle.Holds(alone != AgentCardResult.Valid, "a card proved itself");
        Oracle.Holds(known != AgentCardResult.SelfAsserted, "a card with a record is only self-asserted");
        if (alone == AgentCardResult.SelfAsserted || known == AgentCardResult.Valid)
        {
            Oracle.Holds(StrictJson.TryParse(bytes, AgentCardProof.MaxCardSize, out JsonDocument? document), "a card was accepted that is not strict JSON");
            using (document)
            {
                Oracle.Same(JsonCanonicalizer.Canonicalize(document!.RootElement, "proof"), Genuine, "a card was accepted that nobody signed");
            }
        }
    }

    private static PrivateKey SigningKey() => PrivateKey.Import(KeyAlgorithm.Ed25519, "the agent card of the fuzz target"u8[..32]);

    private static AgentRecord CreateRecord()
    {
        AgentDid did = AgentDid.Parse("did:sage:ethereum:0x5555555555555555555555555555555555555555");
        using PrivateKey signing = SigningKey();
        RecordKey key = RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, DateTimeOffset.UnixEpoch).AsTask().GetAwaiter().GetResult();
        return new AgentRecord { Did = did, Name = "card", Endpoint = "https://card.example", IsActive = true, Keys = [key] };
    }
}
