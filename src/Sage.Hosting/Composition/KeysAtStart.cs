using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.Hosting;

/// <summary>Opens the key store before anything listens, so that a wrong passphrase or a missing key is said then and not to the first caller.</summary>
internal sealed class KeysAtStart(LoadedConfiguration loaded, IOptions<SageOptions> identity, IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (identity.Value.Did is null || loaded.Surroundings.HasAgent)
        {
            return;
        }

        IKeyStore keys = (IKeyStore?)services.GetService(typeof(IKeyStore))
            ?? throw new InvalidOperationException("There is no IKeyStore: set 'Sage:KeyStore:Path'.");
        AgentOptions agent = loaded.Options.Agent;
        List<string> problems = [];
        await CheckAsync(keys, "Sage:Agent:SigningKey", agent.SigningKey, key => key.Algorithm.CanSign, "a key that signs", problems, cancellationToken).ConfigureAwait(false);
        await CheckAsync(keys, "Sage:Agent:AgreementKey", agent.AgreementKey, IsX25519, "an X25519 key", problems, cancellationToken).ConfigureAwait(false);
        if (loaded.Options.Store.Kind != StoreKind.Memory)
        {
            await CheckAsync(keys, "Sage:Store:StateKey", loaded.Options.Store.StateKey, IsX25519, "an X25519 key", problems, cancellationToken).ConfigureAwait(false);
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(OptionName.Section, typeof(SageHostOptions), problems);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsX25519(PrivateKey key) => key.Algorithm == KeyAlgorithm.X25519;

    private static async Task CheckAsync(
        IKeyStore keys, string setting, string name, Func<PrivateKey, bool> fits, string wanted, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            using PrivateKey key = await keys.GetAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!fits(key))
            {
                problems.Add($"'{setting}' must name {wanted}; the key of that name in the key store is of another kind ({key.Algorithm.Name}).");
            }
        }
        catch (KeyStoreException exception) when (exception.Error == KeyStoreError.KeyNotFound)
        {
            problems.Add($"'{setting}' names a key that the key store does not hold: mend the name, or add {wanted}.");
        }
        catch (KeyStoreException exception) when (exception.Error == KeyStoreError.WrongPassphrase)
        {
            throw new OptionsValidationException(OptionName.Section, typeof(SageHostOptions), [
                "'Sage:KeyStore:Path' cannot be opened with the passphrase that 'Sage:KeyStore:PassphraseFile' or 'Sage:KeyStore:PassphraseVariable' names.",
            ]);
        }
        catch (Exception exception) when (exception is KeyStoreException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new OptionsValidationException(OptionName.Section, typeof(SageHostOptions), [$"'Sage:KeyStore:Path' cannot be opened: {exception.Message}"]);
        }
    }
}
