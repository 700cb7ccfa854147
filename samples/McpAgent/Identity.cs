using Sage.Crypto;
using Sage.Did;
using Sage.HttpSignatures;

namespace McpAgent;

/// <summary>An agent for the length of this program: its DID is its public key, so that nobody has to look it up.</summary>
internal sealed class Identity : IDisposable
{
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);

    public Identity()
    {
        Did = DidKeyResolver.Create(key.PublicKey);
        Signer = new HttpMessageSigner(new KeySigner(key), Did.Value);
    }

    public AgentDid Did { get; }

    public HttpMessageSigner Signer { get; }

    public void Dispose() => key.Dispose();
}
