using Sage.Crypto;
using Sage.Did;

namespace Sage.Session;

/// <summary>The agent that the options describe; owns the keys it took from the store.</summary>
internal sealed class KeyStoreAgent : IDisposable
{
    private readonly PrivateKey signingKey;
    private readonly PrivateKey? agreementKey;

    public KeyStoreAgent(SageOptions options, IKeyStore keys, string signingKeyName, string? agreementKeyName)
    {
        if (!AgentDid.TryParse(options.Did, out AgentDid did))
        {
            throw new InvalidOperationException("The setting 'Did' of this agent is missing or is not a DID.");
        }

        // A container's factories are synchronous; this runs once.
        signingKey = keys.GetAsync(signingKeyName).AsTask().GetAwaiter().GetResult();
        bool made = false;
        try
        {
            agreementKey = agreementKeyName is null ? null : keys.GetAsync(agreementKeyName).AsTask().GetAwaiter().GetResult();
            Agent = new LocalAgent(did, new KeySigner(signingKey), agreementKey);
            made = true;
        }
        finally
        {
            if (!made)
            {
                Dispose();
            }
        }
    }

    public LocalAgent Agent { get; }

    public void Dispose()
    {
        signingKey.Dispose();
        agreementKey?.Dispose();
    }
}
