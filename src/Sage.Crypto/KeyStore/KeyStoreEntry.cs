using System.Diagnostics;

namespace Sage.Crypto;

/// <summary>What a key store tells about a key without opening it.</summary>
[DebuggerDisplay("{Name,nq} {KeyId.Value,nq}")]
public sealed class KeyStoreEntry
{
    /// <summary>Describes a key in a store.</summary>
    /// <param name="name">The name the key is kept under.</param>
    /// <param name="publicKey">The public half.</param>
    /// <param name="createdAt">When the key was put into the store; kept to the second.</param>
    /// <param name="isCurrent">Whether it is the key the name stands for.</param>
    /// <param name="exportPolicy">Whether the key may be exported once taken out.</param>
    /// <exception cref="ArgumentException">The name is not one a store accepts (see <see cref="IKeyStore"/>).</exception>
    public KeyStoreEntry(string name, PublicKey publicKey, DateTimeOffset createdAt, bool isCurrent, KeyExportPolicy exportPolicy)
    {
        KeyName.Require(name);
        ArgumentNullException.ThrowIfNull(publicKey);
        Name = name;
        PublicKey = publicKey;
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(createdAt.ToUnixTimeSeconds());
        IsCurrent = isCurrent;
        ExportPolicy = exportPolicy;
    }

    /// <summary>The name the key is kept under.</summary>
    public string Name { get; }

    /// <summary>The key id of <see cref="PublicKey"/>.</summary>
    public KeyId KeyId => PublicKey.KeyId;

    /// <summary>The algorithm of the key.</summary>
    public KeyAlgorithm Algorithm => PublicKey.Algorithm;

    /// <summary>The public half.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>When the key was put into the store, UTC, to the second.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Whether <see cref="IKeyStore.GetAsync"/> hands it out for the name alone; exactly one key of a name is current.</summary>
    public bool IsCurrent { get; }

    /// <summary>The policy the key had when it was stored, and has again when it is handed out.</summary>
    public KeyExportPolicy ExportPolicy { get; }

    internal KeyStoreEntry AsFormer() => new(Name, PublicKey, CreatedAt, isCurrent: false, ExportPolicy);
}
