using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit.Methods;

[TestFixture]
internal sealed class DidKeyResolverTests
{
    private readonly FakeTimeProvider clock = new(TestAgent.Born);

    // The examples of the did:key specification and of RFC 8032.
    [TestCase("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp", "ed25519")]
    [TestCase("did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", "x25519")]
    [TestCase("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "secp256k1")]
    [TestCase("did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", "p256")]
    [TestCase("did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9", "p384")]
    public async Task A_DID_is_its_key_and_no_other(string text, string algorithm)
    {
        DidResolution resolution = await new DidKeyResolver(clock).ResolveAsync(AgentDid.Parse(text));
        DidDocument document = resolution.Document!;
        VerificationMethod method = document.VerificationMethods.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((resolution.Status, resolution.Source, resolution.ObservedAt), Is.EqualTo((DidResolutionStatus.Resolved, "did:key", TestAgent.Born)));
            Assert.That(method.PublicKey.Algorithm.Name, Is.EqualTo(algorithm));
            Assert.That($"did:key:{method.Fragment}", Is.EqualTo(text));
            Assert.That(document.KeyAgreement.Count, Is.EqualTo(algorithm == "x25519" ? 1 : 0));
            Assert.That((document.Authentication.Count, document.AssertionMethod.Count), Is.EqualTo(algorithm == "x25519" ? (0, 0) : (1, 1)));
            Assert.That(DidKeyResolver.Create(method.PublicKey).Value, Is.EqualTo(text));
            Assert.That(resolution.FindSigningKey(method.Fragment), Is.EqualTo(algorithm == "x25519" ? null : method.PublicKey));
            Assert.That(resolution.Endpoint, Is.Null);
        }
    }

    [TestCase("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW")]
    [TestCase("did:key:6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")]
    [TestCase("did:key:m7QFAAAA")]
    [TestCase("did:key:z")]
    [TestCase("did:key:1.1:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")]
    public async Task Another_spelling_is_invalid(string text) =>
        Assert.That((await new DidKeyResolver(clock).ResolveAsync(AgentDid.Parse(text))).Status, Is.EqualTo(DidResolutionStatus.Invalid));

    [Test]
    public void An_RSA_key_has_no_DID_of_its_own()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.RsaPssSha512);

        Assert.That(() => DidKeyResolver.Create(key.PublicKey), Throws.ArgumentException.With.Message.Contains("RSA"));
    }

    [Test]
    public async Task Each_method_goes_to_its_resolver()
    {
        using TestAgent agent = new();
        DidResolverChain chain = new([new("sage", new InMemoryAgentRegistry([agent.Record()])), new("key", new DidKeyResolver())]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await chain.ResolveAsync(agent.Did)).Source, Is.EqualTo("memory"));
            Assert.That((await chain.ResolveAsync(DidKeyResolver.Create(agent.Signer.PublicKey))).Source, Is.EqualTo("did:key"));
            Assert.That((await chain.ResolveAsync(AgentDid.Parse("did:web:example.com"))).Status, Is.EqualTo(DidResolutionStatus.MethodNotSupported));
            Assert.That((await new DidKeyResolver().ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.MethodNotSupported));
        }
    }
}
