using System.Security.Cryptography;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace TwoAgents;

/// <summary>An agent: an owner key whose address is its DID, a signing key and a key agreement key, encrypted in a file.</summary>
internal sealed class Identity : IDisposable
{
    private readonly PrivateKey owner;
    private readonly PrivateKey signing;
    private readonly PrivateKey agreement;

    private Identity(PrivateKey owner, PrivateKey signing, PrivateKey agreement)
    {
        (this.owner, this.signing, this.agreement) = (owner, signing, agreement);
        Agent = new LocalAgent(SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress()), new KeySigner(signing), agreement);
    }

    public LocalAgent Agent { get; }

    public AgentDid Did => Agent.Did;

    public ISigner Owner => new KeySigner(owner);

    /// <summary>Makes the keys, stores them, and takes them out of the store again as a running agent would.</summary>
    public static async Task<Identity> CreateAsync(string keyFile)
    {
        byte[] passphrase = RandomNumberGenerator.GetBytes(32);
        using EncryptedFileKeyStore store = await EncryptedFileKeyStore.CreateAsync(keyFile, passphrase);
        CryptographicOperations.ZeroMemory(passphrase);
        foreach ((string name, KeyAlgorithm algorithm) in new[]
        {
            ("owner", KeyAlgorithm.Secp256k1), ("signing", KeyAlgorithm.Ed25519), ("agreement", KeyAlgorithm.X25519),
        })
        {
            using PrivateKey key = PrivateKey.Generate(algorithm);
            await store.AddAsync(name, key);
        }

        return new Identity(await store.GetAsync("owner"), await store.GetAsync("signing"), await store.GetAsync("agreement"));
    }

    /// <summary>Publishes the public keys, with proofs, where others look them up; the owner signs the entry.</summary>
    public async Task RegisterAsync(IAgentRegistry registry, string name, Uri endpoint)
    {
        AgentRecord record = new()
        {
            Did = Did,
            Name = name,
            Endpoint = endpoint.OriginalString,
            Keys = [await RecordKey.CreateSigningKeyAsync(Agent.Signer, Did, TimeProvider.System.GetUtcNow())],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        RegistryWriteResult result = await registry.RegisterAsync(record, Owner);
        if (result != RegistryWriteResult.Written)
        {
            throw new InvalidOperationException($"The registry refused {name}: {result}.");
        }
    }

    public void Dispose()
    {
        owner.Dispose();
        signing.Dispose();
        agreement.Dispose();
    }
}
