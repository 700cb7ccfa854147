using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;

namespace Sage.Cli;

/// <summary><c>did.json</c>: did:sage identifiers, proofs of possession, agent cards (SAGE profile P1 §6, §7).</summary>
internal static class DidVectors
{
    public static VectorSuite Suite { get; } = new("did", new Dictionary<string, Action<VectorCase>>
    {
        ["parse"] = CheckParse,
        ["chain-aliases"] = CheckChains,
        ["pop-ed25519"] = vector => CheckProof(vector, KeyAlgorithm.Ed25519, "seed_label"),
        ["pop-secp256k1"] = vector => CheckProof(vector, KeyAlgorithm.Secp256k1, "scalar_label"),
        ["a2a-card-proof-ed25519"] = CheckCard,
    });

    private static void CheckParse(VectorCase vector)
    {
        IReadOnlyList<string> valid = vector.Input.Texts("valid");
        IReadOnlyList<VectorObject> parsed = vector.Output.Objects("parsed");
        VectorCase.Require(valid.Count == parsed.Count, "input.valid and output.parsed differ in length");
        for (int i = 0; i < valid.Count; i++)
        {
            VectorCase.Require(SageDid.TryParse(valid[i], out SageDid? did), $"{valid[i]} is refused");
            parsed[i].Expect("did", did!.Did.Value);
            parsed[i].Expect("chain", did.Chain);
            parsed[i].Expect("identifier", did.Identifier);
        }

        vector.Output.Expect("rejected", [.. vector.Input.Texts("invalid").Where(text => !SageDid.TryParse(text, out _))]);
    }

    private static void CheckChains(VectorCase vector)
    {
        VectorObject chains = vector.Output.Object("chains");
        foreach (string name in vector.Input.Texts("names"))
        {
            chains.Expect(name, SageDid.TryParseChain(name, out string? chain) ? chain : "");
            if (chain == "ethereum")
            {
                vector.Output.Expect("generated", SageDid.Generate(name, "0xabc").Value);
            }
        }
    }

    private static void CheckProof(VectorCase vector, KeyAlgorithm algorithm, string labelName)
    {
        AgentDid did = AgentDid.Parse(vector.Input.Text("did"));
        using PrivateKey key = VectorKeys.Import(algorithm, vector.Input.Text(labelName));
        vector.Output.Expect("key_data", key.PublicKey.Bytes);
        vector.Output.Expect("challenge", $"SAGE-PoP:{did}:{vector.Output.Text("key_data")}");
        byte[] proof = ProofOfPossession.CreateAsync(new KeySigner(key), did).AsTask().GetAwaiter().GetResult();
        vector.Output.Expect("proof", proof);
        VectorCase.Require(
            ProofOfPossession.Verify(did, key.PublicKey, key.PublicKey.Bytes, vector.Output.Bytes("proof")), "output.proof does not verify");
    }

    private static void CheckCard(VectorCase vector)
    {
        byte[] card = Encoding.UTF8.GetBytes(vector.Output.Text("card_json"));
        VectorCase.Require(StrictJson.TryParse(card, AgentCardProof.MaxCardSize, out JsonDocument? document), "output.card_json is not JSON");
        using (document)
        {
            // The one member of the card that the input does not give.
            string description = new VectorObject(document!.RootElement, "output.card_json").Text("description");
            AgentRecord record = Record(vector.Input, description);
            VectorCase.Require(
                Bytes.PublicEquals(JsonCanonicalizer.Canonicalize(document.RootElement, "proof"), JsonCanonicalizer.Canonicalize(AgentCard.Create(record))),
                "output.card_json is not the card of the input");
            AgentCardResult result = AgentCardProof.Verify(card, record);
            VectorCase.Require(result == AgentCardResult.Valid, $"the proof of output.card_json is {result}");
        }
    }

    private static AgentRecord Record(VectorObject input, string description)
    {
        AgentDid did = AgentDid.Parse(input.Text("did"));
        string created = input.Text("created");
        using PrivateKey signing = VectorKeys.Import(KeyAlgorithm.Ed25519, input.Text("seed_label"));
        using PrivateKey agreement = VectorKeys.Import(KeyAlgorithm.X25519, input.Text("kem_label"));
        return new AgentRecord
        {
            Did = did,
            Name = input.Text("name"),
            Description = description,
            Endpoint = input.Text("endpoint"),
            CreatedAt = created,
            UpdatedAt = created,
            Keys =
            [
                RecordKey.CreateSigningKeyAsync(new KeySigner(signing), did, DateTimeOffset.UnixEpoch).AsTask().GetAwaiter().GetResult(),
                RecordKey.CreateAgreementKey(agreement.PublicKey, DateTimeOffset.UnixEpoch),
            ],
        };
    }
}
