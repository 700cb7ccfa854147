using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did.Ethereum;
using Sage.Did.Ethereum.Tests;

namespace Sage.Cli.Tests.Registry;

/// <summary>A node of its own, a store with keys, and a deployment that the command made.</summary>
internal abstract class RegistryFixture
{
    private const string Passphrase = "correct horse battery staple";

    protected TemporaryFolder Folder { get; private set; } = null!;

    protected Anvil Anvil { get; private set; } = null!;

    protected string Store => Folder["keys.json"];

    protected string PassphraseFile => Folder["passphrase"];

    protected string Deployment => Folder["deployment.json"];

    protected DeploymentFile Deployed { get; private set; } = null!;

    protected EthereumAddress Owner { get; private set; }

    [OneTimeSetUp]
    public async Task Start()
    {
        Anvil = await Anvil.StartAsync();
        Folder = new TemporaryFolder();
        await File.WriteAllTextAsync(PassphraseFile, Passphrase + "\n");

        // Each command opens it again: at the usual cost that would be most of what they do.
        (await EncryptedFileKeyStore.CreateAsync(Store, Encoding.UTF8.GetBytes(Passphrase), new KeyDerivationCost(8, 1), null, null, CancellationToken.None)).Dispose();
        Owner = await AddAccountAsync("owner");
        await DoneAsync(["registry", "deploy", .. Chain, .. Payer, "--out", Deployment]);
        Deployed = await DeploymentFile.ReadAsync(Deployment, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Folder?.Dispose();
        if (Anvil is not null)
        {
            await Anvil.DisposeAsync();
        }
    }

    /// <summary>The node and its chain.</summary>
    protected string[] Chain => ["--rpc", Anvil.Url.AbsoluteUri, "--chain-id", "31337"];

    /// <summary>The node and the deployment.</summary>
    protected string[] Where => ["--rpc", Anvil.Url.AbsoluteUri, "--deployment", Deployment];

    /// <summary>The account named owner.</summary>
    protected string[] Payer => ["--store", Store, "--passphrase-file", PassphraseFile, "--max-fee", "100"];

    /// <summary>Runs a command that must succeed and print JSON.</summary>
    protected static async Task<JsonElement> DoneAsync(params string[] arguments)
    {
        CliResult result = await Command.RunAsync([.. arguments, "--json"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.Empty);
        return result.Json;
    }

    /// <summary>A command of sage registry that writes, with all its shared options.</summary>
    protected Task<JsonElement> WriteAsync(params string[] arguments) => DoneAsync(["registry", .. arguments, .. Where, .. Payer]);

    protected Task AddKeyAsync(string name, string algorithm) =>
        DoneAsync("keys", "generate", "--algorithm", algorithm, "--store", Store, "--name", name, "--passphrase-file", PassphraseFile);

    /// <summary>A secp256k1 key in the store whose account has a hundred ether.</summary>
    protected async Task<EthereumAddress> AddAccountAsync(string name)
    {
        JsonElement made = await DoneAsync("keys", "generate", "--algorithm", "secp256k1", "--store", Store, "--name", name, "--passphrase-file", PassphraseFile);
        EthereumAddress address = EthereumAddress.Parse(made.GetProperty("address").GetString());
        await Anvil.AskAsync("anvil_setBalance", $"\"{address.ToLowerHex()}\"", "\"0x56bc75e2d63100000\"");
        return address;
    }

    protected async Task<string> RegisterAsync() => (await WriteAsync("register")).GetProperty("did").GetString()!;

    /// <summary>Enough blocks for everything so far to be finalized.</summary>
    protected Task SettleAsync() => Anvil.MineAsync(3);

    protected async Task<JsonElement> ResolveAsync(string did)
    {
        await SettleAsync();
        return (await DoneAsync(["registry", "resolve", did, .. Where])).GetProperty("document");
    }
}
