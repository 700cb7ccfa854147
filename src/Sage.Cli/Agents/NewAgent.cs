using System.Text.Json;
using Sage.Crypto;
using Sage.Did;

namespace Sage.Cli;

/// <summary>
/// An agent in the making: an owner key whose address is its DID, a signing key and a key agreement key. Disposing it
/// erases the keys of this process.
/// </summary>
internal sealed class NewAgent : IDisposable
{
    private readonly PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
    private readonly PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
    private readonly PrivateKey signing;

    /// <param name="name">The name in the record.</param>
    /// <param name="endpoint">The base URL in the record.</param>
    /// <param name="signingAlgorithm">Ed25519, or secp256k1 for the owner's key to sign.</param>
    public NewAgent(string name, string endpoint, KeyAlgorithm signingAlgorithm)
    {
        signing = signingAlgorithm == KeyAlgorithm.Secp256k1 ? owner : PrivateKey.Generate(signingAlgorithm);
        Profile = new AgentProfile(SageDid.Generate("ethereum", owner.PublicKey.GetEthereumAddress()), name, endpoint);
    }

    public AgentProfile Profile { get; }

    /// <summary>Writes the home and the registry record; if the registry refuses, the home is removed again.</summary>
    /// <exception cref="CommandException">The home exists, or the registry refuses.</exception>
    /// <exception cref="IOException">The home cannot be written.</exception>
    public async Task SettleAsync(string home, ReadOnlyMemory<byte> passphrase, IAgentRegistry registry, CancellationToken cancellationToken)
    {
        CreateFolder(home);
        bool settled = false;
        try
        {
            await WriteHomeAsync(home, passphrase, cancellationToken);
            await RegisterAsync(registry, cancellationToken);
            settled = true;
        }
        finally
        {
            if (!settled)
            {
                Directory.Delete(home, recursive: true);
            }
        }
    }

    public void WriteTo(Utf8JsonWriter members)
    {
        Profile.WriteTo(members);
        members.WriteString("owner", owner.PublicKey.GetEthereumAddress());
        members.WriteString("signing_algorithm", signing.Algorithm.Name);
        members.WriteString("signing_key", Convert.ToHexStringLower(signing.PublicKey.Bytes));
        members.WriteString("agreement_key", Convert.ToHexStringLower(agreement.PublicKey.Bytes));
    }

    public void Dispose()
    {
        owner.Dispose();
        signing.Dispose();
        agreement.Dispose();
    }

    private static void CreateFolder(string home)
    {
        if (Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any())
        {
            throw CommandException.Refused($"'{home}' exists and is not empty; an agent's home is never overwritten.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(home);
            return;
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(home, OwnerOnly);
        File.SetUnixFileMode(home, OwnerOnly);
    }

    private async Task WriteHomeAsync(string home, ReadOnlyMemory<byte> passphrase, CancellationToken cancellationToken)
    {
        using EncryptedFileKeyStore store =
            await EncryptedFileKeyStore.CreateAsync(AgentHome.KeysPath(home), passphrase, cancellationToken: cancellationToken);
        await store.AddAsync(AgentHome.OwnerKey, owner, cancellationToken);
        await store.AddAsync(AgentHome.SigningKey, signing, cancellationToken);
        await store.AddAsync(AgentHome.AgreementKey, agreement, cancellationToken);
        await File.WriteAllBytesAsync(AgentHome.ProfilePath(home), Profile.ToJson(), cancellationToken);
    }

    private async Task RegisterAsync(IAgentRegistry registry, CancellationToken cancellationToken)
    {
        AgentRecord record = new()
        {
            Did = Profile.Did,
            Name = Profile.Name,
            Endpoint = Profile.Endpoint,
            Owner = owner.PublicKey.GetEthereumAddress(),
            Keys = [await RecordKey.CreateSigningKeyAsync(new KeySigner(signing), Profile.Did, TimeProvider.System.GetUtcNow(), cancellationToken)],
            PublicKemKey = agreement.PublicKey.Export(),
        };
        RegistryWriteResult result = await registry.RegisterAsync(record, new KeySigner(owner), cancellationToken: cancellationToken);
        if (result != RegistryWriteResult.Written)
        {
            throw CommandException.Refused($"The registry refused the record: {result}.");
        }
    }
}
