using Microsoft.Extensions.Logging;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Stores whose passphrase costs next to nothing to check, so that a test can open thousands.</summary>
internal static class Cheap
{
    public static KeyDerivationCost Cost { get; } = new(8, 1);

    public static ValueTask<EncryptedFileKeyStore> CreateAsync(
        string path, ReadOnlyMemory<byte> passphrase, TimeProvider? time = null, ILogger? logger = null) =>
        EncryptedFileKeyStore.CreateAsync(path, passphrase, Cost, time, logger, CancellationToken.None);
}
