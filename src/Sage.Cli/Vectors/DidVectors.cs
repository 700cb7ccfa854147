using Sage.Crypto;
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
        AgentDid did = AgentDid.TryParse(vector.Input.Text("did"), out AgentDid parsed) ? parsed : throw new VectorMismatchException("input.did is not a DID");
        using PrivateKey key = VectorKeys.Import(algorithm, vector.Input.Text(labelName));
        vector.Output.Expect("key_data", key.PublicKey.Bytes);
        vector.Output.Expect("challenge", $"SAGE-PoP:{did}:{vector.Output.Text("key_data")}");
        byte[] proof = ProofOfPossession.CreateAsync(new KeySigner(key), did).AsTask().GetAwaiter().GetResult();
        vector.Output.Expect("proof", proof);
        VectorCase.Require(
            ProofOfPossession.Verify(did, key.PublicKey, key.PublicKey.Bytes, vector.Output.Bytes("proof")), "output.proof does not verify");
    }
}
