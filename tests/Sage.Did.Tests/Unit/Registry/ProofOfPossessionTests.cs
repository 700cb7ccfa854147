using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit.Registry;

[TestFixture]
internal sealed class ProofOfPossessionTests
{
    private static readonly AgentDid Did = AgentDid.Parse("did:sage:ethereum:0x1111111111111111111111111111111111111111");

    // Plain facts from the public vectors, so that they hold without the data.
    [TestCase("ed25519", "04dbd9601516dfa4d930e14e286170dc13f580e72ce3f1c8d6d2dd47e15d54eb97cfb7a03ad0d05c7359050d598bbebe7194275e276c92e5d3930d2b136aa800")]
    [TestCase("secp256k1", "2ef383803e18e1fe74d390cc650d82e87ad2fd0b4815f75ec3f6cba76603e51e6ea3715557e7fe7a772ce92cb13d41a79be5104025c9f338f864c86a5a9bcf4200")]
    public async Task A_proof_is_the_one_of_the_profile(string algorithmName, string expected)
    {
        using PrivateKey key = Key(algorithmName);
        Assert.That(Convert.ToHexStringLower(await ProofOfPossession.CreateAsync(new KeySigner(key), Did)), Is.EqualTo(expected));
    }

    [TestCase("ed25519")]
    [TestCase("secp256k1")]
    public async Task A_proof_holds_for_its_key_its_bytes_and_its_DID_only(string algorithmName)
    {
        using PrivateKey key = Key(algorithmName);
        using PrivateKey other = PrivateKey.Generate(key.Algorithm);
        byte[] data = key.PublicKey.Export();
        byte[] proof = await ProofOfPossession.CreateAsync(new KeySigner(key), Did);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, data, proof));
            Assert.That(ProofOfPossession.Verify(AgentDid.Parse(Did + ":1"), key.PublicKey, data, proof), Is.False);
            Assert.That(ProofOfPossession.Verify(Did, other.PublicKey, data, proof), Is.False);
            Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, data.AsSpan(1), proof), Is.False);
            Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, data, proof.AsSpan(1)), Is.False);
            Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, data, []), Is.False);
            Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, data, key.Sign(Encoding.ASCII.GetBytes($"SAGE-PoP:{Did}:{Convert.ToHexStringLower(data)}"))), Is.False);
        }
    }

    [TestCase("x25519")]
    [TestCase("p256")]
    public void Other_keys_have_no_proof(string algorithmName)
    {
        using PrivateKey key = Key(algorithmName);
        Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, key.PublicKey.Bytes, new byte[64]), Is.False);
        using PrivateKey p256 = PrivateKey.Generate(KeyAlgorithm.P256);
        Assert.That(() => ProofOfPossession.CreateAsync(new KeySigner(p256), Did).AsTask(), Throws.ArgumentException);
    }

    [TestCase("p384")]
    [TestCase("rsa-pss-sha512")]
    [TestCase("rsa-v1_5-sha256")]
    public void Keys_of_HTTP_signatures_alone_enter_no_record(string algorithmName)
    {
        Assert.That(KeyAlgorithm.TryParse(algorithmName, out KeyAlgorithm? algorithm));
        using PrivateKey key = PrivateKey.Generate(algorithm!);
        byte[] challenge = Encoding.ASCII.GetBytes($"SAGE-PoP:{Did}:{Convert.ToHexStringLower(key.PublicKey.Bytes)}");

        Assert.That(ProofOfPossession.Verify(Did, key.PublicKey, key.PublicKey.Bytes, key.Sign(SHA256.HashData(challenge))), Is.False);
        Assert.That(() => ProofOfPossession.CreateAsync(new KeySigner(key), Did).AsTask(), Throws.ArgumentException);
        Assert.That(() => RecordKey.CreateSigningKeyAsync(new KeySigner(key), Did, TestAgent.Born).AsTask(), Throws.ArgumentException);
        Assert.That(() => RecordKey.CreateAgreementKey(key.PublicKey, TestAgent.Born), Throws.ArgumentException);
    }

    private static PrivateKey Key(string algorithmName)
    {
        Assert.That(KeyAlgorithm.TryParse(algorithmName, out KeyAlgorithm? algorithm));
        return PrivateKey.Import(algorithm!, SHA256.HashData(Encoding.UTF8.GetBytes($"sage-spec/vectors/{algorithmName}/agent-a")));
    }
}
