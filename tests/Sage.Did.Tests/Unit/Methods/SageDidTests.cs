namespace Sage.Did.Tests.Unit.Methods;

[TestFixture]
internal sealed class SageDidTests
{
    private const string Address = "0x1111111111111111111111111111111111111111";

    // Plain facts from the public vectors, so that they hold without the data.
    [TestCase("did:sage:ethereum:0x1111111111111111111111111111111111111111:42", "ethereum", "0x1111111111111111111111111111111111111111:42")]
    [TestCase("did:sage:solana:7Zn3QwXk9vQ2yP1sJ4cR8tL6mN5bV3xA2dF9gH1kJ8Lm", "solana", "7Zn3QwXk9vQ2yP1sJ4cR8tL6mN5bV3xA2dF9gH1kJ8Lm")]
    [TestCase("did:sage:ETHEREUM:agent-one", "ethereum", "agent-one")]
    [TestCase("did:sage:sol:x", "solana", "x")]
    [TestCase("did:sage:eip155:1:0x1111111111111111111111111111111111111111:0", "eip155", "1:0x1111111111111111111111111111111111111111:0")]
    public void The_parts_of_a_DID_are_read_and_the_DID_stays(string text, string chain, string identifier)
    {
        Assert.That(SageDid.TryParse(text, out SageDid? did));
        Assert.That((did!.Did.Value, did.Chain, did.Identifier), Is.EqualTo((text, chain, identifier)));
    }

    [TestCase("")]
    [TestCase("did:sage")]
    [TestCase("did:sage:ethereum")]
    [TestCase("did:sage:ethereum:")]
    [TestCase("did:web:example.com")]
    [TestCase("did:sage:polkadot:abc")]
    [TestCase("sage:ethereum:0xabc")]
    [TestCase("did:sage::0xabc")]
    [TestCase("did:sage:ethereum:a%41")]
    [TestCase("did:sage:eip155:1:0x1111111111111111111111111111111111111111")]
    [TestCase("did:sage:eip155:01:0x1111111111111111111111111111111111111111:0")]
    [TestCase("did:sage:eip155:1:0x111111111111111111111111111111111111111g:0")]
    [TestCase("did:sage:eip155:1:0x1111111111111111111111111111111111111111:-1")]
    [TestCase("did:sage:eip155:1:0x1111111111111111111111111111111111111111:1:2")]
    public void Anything_else_is_refused(string text) => Assert.That(SageDid.TryParse(text, out _), Is.False);

    [TestCase("did:sage:ethereum:" + Address, Address)]
    [TestCase("did:sage:eth:" + Address + ":7", Address)]
    [TestCase("did:sage:ethereum:0xABCDEFabcdef1111111111111111111111111111", "0xabcdefabcdef1111111111111111111111111111")]
    public void An_account_owns_its_DID(string text, string address)
    {
        Assert.That(SageDid.TryParse(text, out SageDid? did));
        Assert.That(did!.TryGetOwnerAddress(out string? owner));
        Assert.That(owner, Is.EqualTo(address));
    }

    [TestCase("did:sage:ethereum:agent-one")]
    [TestCase("did:sage:ethereum:" + Address + "1")]
    [TestCase("did:sage:ethereum:" + Address + ":x")]
    [TestCase("did:sage:ethereum:" + Address + ":1:2")]
    [TestCase("did:sage:ethereum:0X1111111111111111111111111111111111111111")]
    [TestCase("did:sage:solana:" + Address)]
    [TestCase("did:sage:eip155:1:" + Address + ":0")]
    public void Other_DIDs_name_no_owner(string text)
    {
        Assert.That(SageDid.TryParse(text, out SageDid? did));
        Assert.That(did!.TryGetOwnerAddress(out _), Is.False);
    }

    [Test]
    public void A_generated_DID_has_the_canonical_chain()
    {
        Assert.That(SageDid.Generate(" Sol ", "abc").Value, Is.EqualTo("did:sage:solana:abc"));
        Assert.That(() => SageDid.Generate("polkadot", "abc"), Throws.TypeOf<FormatException>());
        Assert.That(() => SageDid.Generate("eth", "a|b"), Throws.TypeOf<FormatException>());
    }
}
