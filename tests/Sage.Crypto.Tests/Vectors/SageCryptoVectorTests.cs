using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>The SAGE P1 signature vectors as plain facts, and the file itself when it is there.</summary>
[TestFixture]
public sealed class SageCryptoVectorTests
{
    private const string Message = "SAGE test vector message: The quick brown fox jumps over the lazy dog.";

    private const string Ed25519Signature =
        "0fe02454adb2f05b096a148b3b1972c658a6efc397b39f1eb542b0e6c42b69656406778ceee62ee607620698fa4215936cc7902702660b102398f8e07a50e00b";

    private const string Secp256k1Signature =
        "ae2ab47818f0ca3c1367e629709133bc10e3e9fb32bcc5adc15c8fd22c2619be0084cd8f085896fc080f1ecb716c8a8c15ae77d1f98ead7b520053c5b58f533d01";

    private const string P256Signature =
        "de826013c62f41c0b65a2a7313dfa95954ed9564e6ef8700fef5c56407d72394630efeef7fb6276651ace68880c0235d99ea200e6f1c6459efbde0a53d134902";

    [Test]
    public void Ed25519()
    {
        using PrivateKey key = FromLabel(KeyAlgorithm.Ed25519, "sage-spec/vectors/ed25519/agent-a");
        Assert.That(Convert.ToHexStringLower(key.PublicKey.Bytes), Is.EqualTo("123e4e4034bebe7db6edcbb65d0f95bf10dab35729cd218da51a72abe7bc7610"));
        Assert.That(key.PublicKey.KeyId.Value, Is.EqualTo("0ea249d59a0394ed"));
        CheckDeterministic(key, Ed25519Signature);
    }

    [Test]
    public void Secp256k1_over_Keccak256()
    {
        using PrivateKey key = FromLabel(KeyAlgorithm.Secp256k1, "sage-spec/vectors/secp256k1/agent-a");
        Assert.That(Convert.ToHexStringLower(key.PublicKey.Bytes), Is.EqualTo(
            "04e4ca58183538cf9b3ae81e0a2b9f77c1f32f2ad256025f856c2182bb548675e37390e2e0c047f94686a454de3937009dff7af4cb5a1e57409b31e0be35e73f78"));
        Assert.That(key.PublicKey.KeyId.Value, Is.EqualTo("4809980dad831b92"));
        Assert.That(key.PublicKey.GetEthereumAddress(), Is.EqualTo("0x7016158acbaa8d06c5dc661498bb6ff76381c82f"));
        CheckDeterministic(key, Secp256k1Signature);

        byte[] signature = Convert.FromHexString(Secp256k1Signature);
        Assert.That(key.PublicKey.Verify(Encoding.ASCII.GetBytes(Message), signature.AsSpan(0, 64)), "r‖s without v");
        Assert.That(PublicKey.TryRecover(Encoding.ASCII.GetBytes(Message), signature, out PublicKey? recovered));
        Assert.That(recovered, Is.EqualTo(key.PublicKey));
        PublicKey compressed = PublicKey.Import(
            KeyAlgorithm.Secp256k1,
            Convert.FromHexString("02e4ca58183538cf9b3ae81e0a2b9f77c1f32f2ad256025f856c2182bb548675e3"));
        Assert.That(compressed, Is.EqualTo(key.PublicKey));
    }

    [Test]
    public void P256_over_SHA256()
    {
        // Randomised where it was made, so it is verified, not reproduced.
        using PrivateKey key = FromLabel(KeyAlgorithm.P256, "sage-spec/vectors/p256/agent-a");
        Assert.That(Convert.ToHexStringLower(key.PublicKey.Bytes), Is.EqualTo(
            "04a8b98f6ec0083554828dffc9876d3b00e39f79c4fc3f559d0de2fde4718a774639f25cf19fb0935ee621da503a4f65128415d90e078ec01267726538b0e94d55"));
        CheckVerifies(key.PublicKey, Encoding.ASCII.GetBytes(Message), Convert.FromHexString(P256Signature));
    }

    [Test]
    public void The_key_id_is_the_start_of_the_hash_of_the_public_key()
    {
        byte[] publicKey = Convert.FromHexString("37af5b79b1d08725d007175621b267e6892e1ce6cab3cb5a39cb75cee280db08");
        Assert.That(KeyId.Compute(publicKey).Value, Is.EqualTo("31df14d7d9fcb731"));
    }

    [Test]
    public void Every_vector_of_the_SAGE_file_holds()
    {
        List<string> names = [];
        using JsonDocument document = Sage.Tests.ConformanceData.Json("sage-p1", "crypto.json");
        foreach (JsonElement vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string name = vector.GetProperty("name").GetString()!;
            names.Add(name);
            JsonElement input = vector.GetProperty("input");
            JsonElement output = vector.GetProperty("output");
            if (name == "key-id")
            {
                Assert.That(KeyId.Compute(Hex(input, "public_key")).Value, Is.EqualTo(output.GetProperty("key_id").GetString()));
                continue;
            }

            CheckFileVector(name, input, output);
        }

        Assert.That(names, Is.EquivalentTo((string[])["ed25519-sign", "secp256k1-keccak-sign", "p256-sha256-sign", "key-id"]));
    }

    private static void CheckFileVector(string name, JsonElement input, JsonElement output)
    {
        (KeyAlgorithm algorithm, string label, string secret) = name switch
        {
            "ed25519-sign" => (KeyAlgorithm.Ed25519, "seed_label", "seed"),
            "secp256k1-keccak-sign" => (KeyAlgorithm.Secp256k1, "scalar_label", "private_scalar"),
            "p256-sha256-sign" => (KeyAlgorithm.P256, "scalar_label", "private_scalar"),
            _ => throw new AssertionException($"No test reads the vector {name}."),
        };
        using PrivateKey key = PrivateKey.Import(algorithm, Hex(output, secret));
        using PrivateKey fromLabel = FromLabel(algorithm, input.GetProperty(label).GetString()!);
        byte[] message = Hex(input, "message");
        byte[] signature = Hex(output, "signature");
        Assert.That(fromLabel.PublicKey, Is.EqualTo(key.PublicKey), name);
        Assert.That(key.PublicKey.Export(), Is.EqualTo(Hex(output, "public_key")), name);
        CheckVerifies(key.PublicKey, message, signature);
        if (algorithm != KeyAlgorithm.P256)
        {
            Assert.That(key.Sign(message), Is.EqualTo(signature), name);
            Assert.That(key.PublicKey.KeyId.Value, Is.EqualTo(output.GetProperty("key_id").GetString()), name);
        }
    }

    private static void CheckDeterministic(PrivateKey key, string signature)
    {
        Assert.That(Convert.ToHexStringLower(key.Sign(Encoding.ASCII.GetBytes(Message))), Is.EqualTo(signature));
        CheckVerifies(key.PublicKey, Encoding.ASCII.GetBytes(Message), Convert.FromHexString(signature));
    }

    private static void CheckVerifies(PublicKey key, byte[] message, byte[] signature)
    {
        Assert.That(key.Verify(message, signature));
        signature[0] ^= 1;
        Assert.That(key.Verify(message, signature), Is.False);
        signature[0] ^= 1;
        Assert.That(key.Verify([.. message, 0], signature), Is.False);
    }

    private static PrivateKey FromLabel(KeyAlgorithm algorithm, string label) =>
        PrivateKey.Import(algorithm, SHA256.HashData(Encoding.ASCII.GetBytes(label)));

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
