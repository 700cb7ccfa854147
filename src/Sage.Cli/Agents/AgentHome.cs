using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Did;
using Sage.Session;

namespace Sage.Cli;

/// <summary>An agent opened from its home folder. Disposing it erases its keys.</summary>
internal sealed class AgentHome : IDisposable
{
    public const string OwnerKey = "owner";
    public const string SigningKey = "signing";
    public const string AgreementKey = "agreement";

    private readonly PrivateKey signing;
    private readonly PrivateKey agreement;

    private AgentHome(AgentProfile profile, PrivateKey signing, PrivateKey agreement)
    {
        Profile = profile;
        this.signing = signing;
        this.agreement = agreement;
        Agent = new LocalAgent(profile.Did, new KeySigner(signing), agreement);
    }

    public AgentProfile Profile { get; }

    public LocalAgent Agent { get; }

    public static string ProfilePath(string home) => Path.Combine(home, "agent.json");

    public static string KeysPath(string home) => Path.Combine(home, "keys.json");

    /// <exception cref="CommandException">The home is not that of an agent, or its passphrase is missing.</exception>
    /// <exception cref="KeyStoreException">The passphrase is wrong or the keys are damaged.</exception>
    public static async Task<AgentHome> OpenAsync(string home, string? passphraseFile, CancellationToken cancellationToken)
    {
        AgentProfile profile = await AgentProfile.ReadAsync(ProfilePath(home), cancellationToken);
        using EncryptedFileKeyStore store = await OpenKeysAsync(home, passphraseFile, cancellationToken);
        PrivateKey signing = await store.GetAsync(SigningKey, cancellationToken: cancellationToken);
        PrivateKey? agreement = null;
        bool opened = false;
        try
        {
            agreement = await store.GetAsync(AgreementKey, cancellationToken: cancellationToken);
            AgentHome agent = new(profile, signing, agreement);
            opened = true;
            return agent;
        }
        catch (ArgumentException)
        {
            throw CommandException.Refused($"'{home}' holds keys under the names '{SigningKey}' and '{AgreementKey}' that are not of a kind for it.");
        }
        finally
        {
            if (!opened)
            {
                signing.Dispose();
                agreement?.Dispose();
            }
        }
    }

    /// <summary>Refuses to go on unless the registry knows this agent by the keys it has here; others would refuse it.</summary>
    /// <returns>The DID URL of the signing key, by which others find it there.</returns>
    public async Task<string> RequireRegisteredAsync(IDidResolver registry, CancellationToken cancellationToken)
    {
        DidResolution self = await Resolution.RequireAsync(registry, Profile.Did, cancellationToken);
        if (!signing.PublicKey.Equals(self.HandshakeSigningKey) || !agreement.PublicKey.Equals(self.KeyAgreementKey))
        {
            throw CommandException.Refused($"The registry has other keys for {Profile.Did} than this home.");
        }

        VerificationMethod method = self.Document!.Authentication.First(method => method.PublicKey.Equals(signing.PublicKey));
        return $"{Profile.Did}#{method.Fragment}";
    }

    public void Dispose()
    {
        signing.Dispose();
        agreement.Dispose();
    }

    private static async Task<EncryptedFileKeyStore> OpenKeysAsync(string home, string? passphraseFile, CancellationToken cancellationToken)
    {
        using Passphrase passphrase = PassphraseInput.Read(passphraseFile);
        return await EncryptedFileKeyStore.OpenAsync(KeysPath(home), passphrase.Memory, cancellationToken: cancellationToken);
    }
}
