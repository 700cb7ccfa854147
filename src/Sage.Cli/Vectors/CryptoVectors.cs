using Sage.Crypto;

namespace Sage.Cli;

/// <summary><c>crypto.json</c>: the signature primitives and the key id (SAGE profile P1 §1).</summary>
internal static class CryptoVectors
{
    public static VectorSuite Suite { get; } = new("crypto", new Dictionary<string, Action<VectorCase>>
    {
        ["ed25519-sign"] = CheckEd25519,
        ["secp256k1-keccak-sign"] = CheckSecp256k1,
        ["p256-sha256-sign"] = CheckP256,
        ["key-id"] = CheckKeyId,
    });

    private static void CheckEd25519(VectorCase vector)
    {
        string label = vector.Input.Text("seed_label");
        vector.Output.Expect("seed", VectorKeys.Raw(KeyAlgorithm.Ed25519, label));
        using PrivateKey key = VectorKeys.Import(KeyAlgorithm.Ed25519, label);
        vector.Output.Expect("public_key", key.PublicKey.Bytes);
        vector.Output.Expect("key_id", key.PublicKey.KeyId.Value);
        CheckSignature(vector, key);
    }

    private static void CheckSecp256k1(VectorCase vector)
    {
        string label = vector.Input.Text("scalar_label");
        vector.Output.Expect("private_scalar", VectorKeys.Raw(KeyAlgorithm.Secp256k1, label));
        using PrivateKey key = VectorKeys.Import(KeyAlgorithm.Secp256k1, label);
        vector.Output.Expect("public_key", key.PublicKey.Bytes);
        vector.Output.Expect("key_id", key.PublicKey.KeyId.Value);
        vector.Output.Expect("ethereum_address", key.PublicKey.GetEthereumAddress());
        byte[] compressed = vector.Output.Bytes("public_key_compressed");
        bool imports = PublicKey.TryImport(KeyAlgorithm.Secp256k1, compressed, out PublicKey? imported);
        VectorCase.Require(compressed.Length == 33 && imports && key.PublicKey.Equals(imported), "output.public_key_compressed is not the same key");
        CheckSignature(vector, key);

        byte[] signature = vector.Output.Bytes("signature");
        vector.Output.Expect("signature_rs", signature.AsSpan(0, 64));
        vector.Output.Expect("recovery_id", signature[64]);
        bool recovers = PublicKey.TryRecover(vector.Input.Bytes("message"), signature, out PublicKey? recovered);
        VectorCase.Require(recovers && key.PublicKey.Equals(recovered), "output.signature does not recover the key");
        VectorCase.Require(key.PublicKey.Verify(vector.Input.Bytes("message"), signature.AsSpan(0, 64)), "output.signature_rs does not verify");
    }

    private static void CheckP256(VectorCase vector)
    {
        string label = vector.Input.Text("scalar_label");
        vector.Output.Expect("private_scalar", VectorKeys.Raw(KeyAlgorithm.P256, label));
        using PrivateKey key = VectorKeys.Import(KeyAlgorithm.P256, label);
        vector.Output.Expect("public_key", key.PublicKey.Bytes);
        CheckSignature(vector, key);
    }

    private static void CheckKeyId(VectorCase vector) =>
        vector.Output.Expect("key_id", KeyId.Compute(vector.Input.Bytes("public_key")).Value);

    private static void CheckSignature(VectorCase vector, PrivateKey key)
    {
        byte[] message = vector.Input.Bytes("message");
        if (vector.IsDeterministic)
        {
            vector.Output.Expect("signature", key.Sign(message));
        }

        VectorCase.Require(key.PublicKey.Verify(message, vector.Output.Bytes("signature")), "output.signature does not verify");
        VectorCase.Require(!key.PublicKey.Verify([.. message, 0], vector.Output.Bytes("signature")), "output.signature verifies another message");
    }
}
