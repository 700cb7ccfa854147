using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>The difference between a stored record and the one that is to replace it, held against the operation it claims to be.</summary>
internal sealed class RecordChange(AgentRecord stored, AgentRecord next)
{
    public RegistryWriteResult Check(string operation)
    {
        if (stored.Owner != next.Owner || stored.CreatedAt != next.CreatedAt)
        {
            return RegistryWriteResult.InvalidChange;
        }

        return operation switch
        {
            RegistryOperation.Update => CheckUpdate(),
            RegistryOperation.AddKey => CheckAddKey(),
            RegistryOperation.RotateKey => CheckRotateKey(),
            RegistryOperation.RevokeKey => CheckRevokeKey(),
            RegistryOperation.Deactivate => IsProfileKept && IsKemKept && AreKeys(stored.Keys) && IsRevokedKept && !next.IsActive
                ? RegistryWriteResult.Written
                : RegistryWriteResult.InvalidChange,
            _ => RegistryWriteResult.InvalidChange,
        };
    }

    private bool IsProfileKept =>
        stored.Name == next.Name && stored.Description == next.Description && stored.Endpoint == next.Endpoint
        && AreEqual(stored.Capabilities, next.Capabilities) && AreOthersKept;

    private bool AreOthersKept =>
        stored.OtherMembers.Count == next.OtherMembers.Count
        && stored.OtherMembers.All(member => next.OtherMembers.Any(other => other.Key == member.Key && JsonElement.DeepEquals(other.Value, member.Value)));

    private bool IsKemKept => Bytes.PublicEquals(stored.PublicKemKey.Span, next.PublicKemKey.Span);

    private bool IsRevokedKept => next.Revoked.Count == stored.Revoked.Count && RevokedStartsAsStored;

    private bool RevokedStartsAsStored =>
        stored.Revoked.Select((key, i) => i < next.Revoked.Count && Bytes.PublicEquals(key.Span, next.Revoked[i].Span)).All(same => same);

    private RegistryWriteResult CheckUpdate()
    {
        if (!AreKeys(stored.Keys) || !IsRevokedKept || !next.IsActive)
        {
            return RegistryWriteResult.InvalidChange;
        }

        return !next.PublicKemKey.IsEmpty && new RevokedKeys(stored.Revoked).Contains(KemEntry(next))
            ? RegistryWriteResult.RevokedKey
            : RegistryWriteResult.Written;
    }

    private RegistryWriteResult CheckAddKey()
    {
        if (!IsProfileKept || !IsKemKept || !IsRevokedKept || !next.IsActive
            || next.Keys.Count != stored.Keys.Count + 1 || !AreKeys([.. stored.Keys, next.Keys[^1]]))
        {
            return RegistryWriteResult.InvalidChange;
        }

        return RegistryRules.CheckNewKey(next, next.Keys[^1], stored.Keys);
    }

    private RegistryWriteResult CheckRotateKey()
    {
        if (!IsProfileKept || !next.IsActive || next.Keys.Count == 0)
        {
            return RegistryWriteResult.InvalidChange;
        }

        if (!IsRevokedKept)
        {
            return CheckRevocation([next.Keys[0]]) is { } remaining
                ? RegistryRules.CheckNewKey(next, next.Keys[0], remaining)
                : RegistryWriteResult.InvalidChange;
        }

        return IsKemKept && AreKeys([next.Keys[0], .. stored.Keys])
            ? RegistryRules.CheckNewKey(next, next.Keys[0], stored.Keys)
            : RegistryWriteResult.InvalidChange;
    }

    private RegistryWriteResult CheckRevokeKey() =>
        IsProfileKept && next.IsActive && CheckRevocation([]) is not null ? RegistryWriteResult.Written : RegistryWriteResult.InvalidChange;

    /// <summary>
    /// Whether exactly one key was revoked and is gone from wherever it was listed, the rest being as it was behind
    /// <paramref name="first"/>; returns that rest.
    /// </summary>
    private RecordKey[]? CheckRevocation(RecordKey[] first)
    {
        if (next.Revoked.Count != stored.Revoked.Count + 1 || !RevokedStartsAsStored)
        {
            return null;
        }

        RevokedKeys gone = new([next.Revoked[^1]]);
        RecordKey[] remaining = [.. stored.Keys.Where(key => !gone.Contains(key))];
        bool isKemGone = !stored.PublicKemKey.IsEmpty && gone.Contains(KemEntry(stored));
        bool isSomethingGone = remaining.Length < stored.Keys.Count || isKemGone;
        return isSomethingGone && AreKeys([.. first, .. remaining]) && (isKemGone ? next.PublicKemKey.IsEmpty : IsKemKept) ? remaining : null;
    }

    private bool AreKeys(IReadOnlyList<RecordKey> expected) =>
        expected.Count == next.Keys.Count && expected.Select((key, i) => AreEqual(key, next.Keys[i])).All(same => same);

    // Both were read, so both carry the JSON they were read from, members of others included.
    private static bool AreEqual(RecordKey left, RecordKey right) =>
        left.Json is { } leftJson && right.Json is { } rightJson && JsonElement.DeepEquals(leftJson, rightJson);

    private static bool AreEqual(string left, string right)
    {
        using JsonDocument leftDocument = JsonDocument.Parse(left);
        using JsonDocument rightDocument = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(leftDocument.RootElement, rightDocument.RootElement);
    }

    private static RecordKey KemEntry(AgentRecord record) => new() { Type = RecordKeyType.X25519, KeyData = record.PublicKemKey };
}
