using System.Diagnostics.CodeAnalysis;
using Sage.Crypto;

namespace Sage.Did;

/// <summary>Which record may follow which. Both records have been read from JSON (<see cref="TryNormalise"/>).</summary>
internal static class RegistryRules
{
    /// <summary>Turns a record into what a reader will make of it, so that nothing else is ever checked.</summary>
    public static bool TryNormalise(AgentRecord record, [NotNullWhen(true)] out AgentRecord? normalised) =>
        AgentRecord.TryParse(record.Json, out normalised);

    public static RegistryWriteResult Check(AgentRecord? stored, AgentRecord next)
    {
        if (!OwnerProofCheck.IsByOwner(next))
        {
            return RegistryWriteResult.NotAuthorised;
        }

        if (stored is { IsValid: false })
        {
            return RegistryWriteResult.StoredRecordInvalid;
        }

        if (stored is { IsActive: false })
        {
            return RegistryWriteResult.Deactivated;
        }

        string operation = next.OwnerProof!.Operation;
        if (stored is null && operation != RegistryOperation.Register)
        {
            return RegistryWriteResult.NotFound;
        }

        if (next.Version != (stored?.Version ?? 0) + 1 || next.OwnerProof.Previous != (stored is null ? "" : OwnerProofCheck.Hash(stored)))
        {
            return RegistryWriteResult.VersionConflict;
        }

        if (!next.IsValid)
        {
            return RegistryWriteResult.InvalidChange;
        }

        return stored is null ? CheckRegistration(next) : new RecordChange(stored, next).Check(operation);
    }

    /// <summary>Whether a key may join a list: well formed, proven, not revoked, not there yet.</summary>
    public static RegistryWriteResult CheckNewKey(AgentRecord record, RecordKey key, IReadOnlyList<RecordKey> others)
    {
        if (!key.Verified || key.Algorithm is not { } algorithm || !PublicKey.TryImport(algorithm, key.KeyData.Span, out PublicKey? imported)
            || others.Any(other => StandsFor(other, imported))
            || (algorithm.CanSign && !ProofOfPossession.Verify(record.Did, imported, key.KeyData.Span, key.Signature.Span)))
        {
            return RegistryWriteResult.InvalidChange;
        }

        return new RevokedKeys(record.Revoked).Contains(imported) ? RegistryWriteResult.RevokedKey : RegistryWriteResult.Written;
    }

    private static RegistryWriteResult CheckRegistration(AgentRecord next)
    {
        if (!next.IsActive || next.Revoked.Count > 0 || next.SigningKeys.Count == 0 || !OwnerAgrees(next))
        {
            return RegistryWriteResult.InvalidChange;
        }

        for (int i = 0; i < next.Keys.Count; i++)
        {
            if (CheckNewKey(next, next.Keys[i], [.. next.Keys.Take(i)]) != RegistryWriteResult.Written)
            {
                return RegistryWriteResult.InvalidChange;
            }
        }

        return RegistryWriteResult.Written;
    }

    // The member is for people and for other implementations; it must not tell them something else than the DID does.
    private static bool OwnerAgrees(AgentRecord record) =>
        SageDid.TryParse(record.Did.Value, out SageDid? did) && did.TryGetOwnerAddress(out string? address)
        && string.Equals(record.Owner, address, StringComparison.OrdinalIgnoreCase);

    private static bool StandsFor(RecordKey entry, PublicKey key) =>
        entry.Algorithm == key.Algorithm && PublicKey.TryImport(key.Algorithm, entry.KeyData.Span, out PublicKey? other) && other.Equals(key);
}
