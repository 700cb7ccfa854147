using Sage.Crypto;
using Sage.Did;

namespace Sage.Hosting.Tests;

/// <summary>An agent as an operator has it: an encrypted key store file, its passphrase in a file, and a DID. Made once for all tests.</summary>
[SetUpFixture]
internal sealed class Identity
{
    public const string Passphrase = "correct horse battery staple";

    public static string Folder { get; private set; } = "";

    public static string Did { get; private set; } = "";

    /// <summary>The smallest configuration that starts in Production.</summary>
    public static Dictionary<string, string?> Settings => new()
    {
        ["Sage:Did"] = Did,
        ["Sage:KeyStore:Path"] = PathOf("keys.json"),
        ["Sage:KeyStore:PassphraseFile"] = PathOf("passphrase"),
        ["Sage:Sessions:Accept:0"] = Did,
    };

    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file that only this account can read.</summary>
    public static string Write(string name, ReadOnlySpan<byte> content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        Folder = Directory.CreateTempSubdirectory("sage-hosting-").FullName;
        byte[] passphrase = System.Text.Encoding.UTF8.GetBytes(Passphrase);
        Write("passphrase", passphrase);
        Write("wrong-passphrase", "not this one"u8);
        using EncryptedFileKeyStore keys = await EncryptedFileKeyStore.CreateAsync(PathOf("keys.json"), passphrase);
        using PrivateKey signing = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey state = PrivateKey.Generate(KeyAlgorithm.X25519);
        await keys.AddAsync("signing", signing);
        await keys.AddAsync("agreement", agreement);
        await keys.AddAsync("state", state);
        Did = DidKeyResolver.Create(signing.PublicKey).Value;
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Folder, recursive: true);
}
