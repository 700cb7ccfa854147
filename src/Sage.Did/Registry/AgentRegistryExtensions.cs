using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// Changes of a registry, each built from what is stored, signed by the owner and written. The owner is the secp256k1
/// account whose address is in the DID. A change that another one overtook ends in
/// <see cref="RegistryWriteResult.VersionConflict"/>: call again.
/// </summary>
public static class AgentRegistryExtensions
{
    /// <summary>Registers an agent. Version, owner, times that are missing, and the owner's proof are filled in.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="record">The record; it needs at least one proven signing key.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static async ValueTask<RegistryWriteResult> RegisterAsync(
        this IAgentRegistry registry, AgentRecord record, ISigner owner, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(record);
        RequireOwner(owner);
        string now = Now(timeProvider);
        AgentRecord next = record with
        {
            Owner = record.Owner.Length > 0 ? record.Owner : owner.PublicKey.GetEthereumAddress(),
            CreatedAt = record.CreatedAt ?? now,
            UpdatedAt = record.UpdatedAt ?? now,
        };
        AgentRecord signed = await SignAsync(null, next, RegistryOperation.Register, owner, cancellationToken).ConfigureAwait(false);
        return await registry.WriteAsync(signed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes name, description, endpoint, capabilities or the agreement key.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="did">The DID.</param>
    /// <param name="change">Makes the changed record from the stored one.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static ValueTask<RegistryWriteResult> UpdateAsync(
        this IAgentRegistry registry, AgentDid did, Func<AgentRecord, AgentRecord> change, ISigner owner, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(registry, did, RegistryOperation.Update, change, owner, timeProvider, cancellationToken);
    }

    /// <summary>Appends a key.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="did">The DID.</param>
    /// <param name="key">The key, made by <see cref="RecordKey.CreateSigningKeyAsync"/> or <see cref="RecordKey.CreateAgreementKey"/>.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static ValueTask<RegistryWriteResult> AddKeyAsync(
        this IAgentRegistry registry, AgentDid did, RecordKey key, ISigner owner, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WriteAsync(
            registry, did, RegistryOperation.AddKey, stored => stored with { Keys = [.. stored.Keys, key] }, owner, timeProvider, cancellationToken);
    }

    /// <summary>
    /// Puts a new key first, so that it is the one that signs where no key is named. Of two signing keys of different kinds
    /// secp256k1 goes before Ed25519 whatever the order; replacing one kind by the other means revoking the old key too.
    /// </summary>
    /// <param name="registry">The registry.</param>
    /// <param name="did">The DID.</param>
    /// <param name="key">The new key.</param>
    /// <param name="revoked">The key to revoke in the same write, or <see langword="null"/> to keep all keys listed for an overlap.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static ValueTask<RegistryWriteResult> RotateKeyAsync(
        this IAgentRegistry registry, AgentDid did, RecordKey key, PublicKey? revoked, ISigner owner, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WriteAsync(
            registry, did, RegistryOperation.RotateKey, stored => Prepend(revoked is null ? stored : Revoke(stored, revoked), key), owner, timeProvider,
            cancellationToken);
    }

    /// <summary>Revokes a key for good: a listed one, the agreement key of the record, or both if they are the same.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="did">The DID.</param>
    /// <param name="key">The key.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static ValueTask<RegistryWriteResult> RevokeKeyAsync(
        this IAgentRegistry registry, AgentDid did, PublicKey key, ISigner owner, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WriteAsync(registry, did, RegistryOperation.RevokeKey, stored => Revoke(stored, key), owner, timeProvider, cancellationToken);
    }

    /// <summary>Makes an agent inactive for good.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="did">The DID.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The owner is not a secp256k1 signer.</exception>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    public static ValueTask<RegistryWriteResult> DeactivateAsync(
        this IAgentRegistry registry, AgentDid did, ISigner owner, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        WriteAsync(registry, did, RegistryOperation.Deactivate, stored => stored with { IsActive = false }, owner, timeProvider, cancellationToken);

    /// <summary>Gives a record the version after the stored one and the owner's signature.</summary>
    internal static async ValueTask<AgentRecord> SignAsync(
        AgentRecord? stored, AgentRecord next, string operation, ISigner owner, CancellationToken cancellationToken)
    {
        AgentRecord unsigned = next with { Version = (stored?.Version ?? 0) + 1, OwnerProof = null };
        string previous = stored is null ? "" : OwnerProofCheck.Hash(stored);
        byte[] signature = await owner
            .SignAsync(SigningPurpose.RegistryWrite, OwnerProofCheck.SignedBytes(unsigned, operation, previous), cancellationToken).ConfigureAwait(false);
        return unsigned with { OwnerProof = new OwnerProof(operation, previous, signature) };
    }

    private static async ValueTask<RegistryWriteResult> WriteAsync(
        IAgentRegistry registry, AgentDid did, string operation, Func<AgentRecord, AgentRecord> change, ISigner owner, TimeProvider? timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registry);
        RequireOwner(owner);
        AgentRecord? stored = await registry.GetAsync(did, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            return RegistryWriteResult.NotFound;
        }

        AgentRecord next = change(stored) with { UpdatedAt = Now(timeProvider) };
        AgentRecord signed = await SignAsync(stored, next, operation, owner, cancellationToken).ConfigureAwait(false);
        return await registry.WriteAsync(signed, cancellationToken).ConfigureAwait(false);
    }

    private static AgentRecord Prepend(AgentRecord record, RecordKey key) => record with { Keys = [key, .. record.Keys] };

    // The bytes are revoked as they were registered, which is how other implementations will look for them.
    private static AgentRecord Revoke(AgentRecord record, PublicKey key)
    {
        RevokedKeys gone = new([key.Export()]);
        RecordKey[] removed = [.. record.Keys.Where(gone.Contains)];
        bool isKemGone = key.Algorithm == KeyAlgorithm.X25519 && Bytes.PublicEquals(record.PublicKemKey.Span, key.Bytes);
        return record with
        {
            Keys = [.. record.Keys.Except(removed)],
            PublicKemKey = isKemGone ? default : record.PublicKemKey,
            Revoked = [.. record.Revoked, removed.Length > 0 ? removed[0].KeyData : key.Export()],
        };
    }

    private static void RequireOwner(ISigner owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (owner.PublicKey.Algorithm != KeyAlgorithm.Secp256k1)
        {
            throw new ArgumentException("The owner of a DID is a secp256k1 account.", nameof(owner));
        }
    }

    private static string Now(TimeProvider? timeProvider) => Rfc3339.Format((timeProvider ?? TimeProvider.System).GetUtcNow());
}
