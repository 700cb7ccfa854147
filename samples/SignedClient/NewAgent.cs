using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did;

namespace SignedClient;

/// <summary>An agent whose DID is its public key, so that nobody has to look it up; its private key is encrypted in a file.</summary>
internal static class NewAgent
{
    /// <summary>Makes the agent if it is not there yet.</summary>
    /// <returns>The path of its configuration, which holds its DID and where its key is.</returns>
    public static async Task<string> EnsureAsync(string home)
    {
        string configuration = Path.Combine(home, "agent.json");
        if (!File.Exists(configuration))
        {
            Directory.CreateDirectory(home);
            await CreateAsync(configuration, Path.Combine(home, "keys.json"), Path.Combine(home, "passphrase"));
        }

        return configuration;
    }

    private static async Task CreateAsync(string configuration, string keyFile, string passphraseFile)
    {
        // In production the passphrase comes from a secret store and does not lie beside the keys.
        string passphrase = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await WriteAsync(passphraseFile, passphrase);

        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using EncryptedFileKeyStore keys = await EncryptedFileKeyStore.CreateAsync(keyFile, Encoding.UTF8.GetBytes(passphrase));
        await keys.AddAsync("signing", signing);

        AgentDid did = DidKeyResolver.Create(signing.PublicKey);
        await WriteAsync(configuration, JsonSerializer.Serialize(
            new { Sage = new { Did = did.Value, KeyStore = new { Path = keyFile, PassphraseFile = passphraseFile } } }));
    }

    private static async Task WriteAsync(string path, string text)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using StreamWriter writer = new(path, options);
        await writer.WriteAsync(text);
    }
}
