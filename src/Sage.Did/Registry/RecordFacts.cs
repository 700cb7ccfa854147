using Sage.Crypto;

namespace Sage.Did;

/// <summary>What follows from a record once its keys and proofs are checked, which costs about 0.1 ms a key.</summary>
internal sealed class RecordFacts
{
    private RecordFacts(bool isValid, IReadOnlyList<UsableKey> signingKeys, DidDocument document)
    {
        IsValid = isValid;
        SigningKeys = signingKeys;
        Document = document;
    }

    public bool IsValid { get; }

    public IReadOnlyList<UsableKey> SigningKeys { get; }

    /// <summary>Without keys unless the record is valid and active.</summary>
    public DidDocument Document { get; }

    public static RecordFacts Derive(AgentRecord record)
    {
        List<UsableKey> signing = [];
        List<UsableKey> agreement = [];
        bool isValid = TryCollect(record, signing, agreement) && OwnerProofCheck.IsAcceptable(record);
        if (!isValid || !record.IsActive)
        {
            return new RecordFacts(isValid, [], new DidDocument { Id = record.Did });
        }

        return new RecordFacts(isValid, signing.AsReadOnly(), RecordDocument.Create(record, signing, signing.Count > 0 ? agreement : []));
    }

    /// <summary>Sorts the usable keys; false if a key that claims to be verified is malformed.</summary>
    private static bool TryCollect(AgentRecord record, List<UsableKey> signing, List<UsableKey> agreement)
    {
        RevokedKeys revoked = new(record.Revoked);
        if (!record.PublicKemKey.IsEmpty)
        {
            if (!PublicKey.TryImport(KeyAlgorithm.X25519, record.PublicKemKey.Span, out PublicKey? kem))
            {
                return false;
            }

            Add(agreement, 0, kem, revoked);
        }

        for (int i = 0; i < record.Keys.Count; i++)
        {
            RecordKey entry = record.Keys[i];
            if (!entry.Verified || entry.Algorithm is not { } algorithm)
            {
                continue;
            }

            if (!PublicKey.TryImport(algorithm, entry.KeyData.Span, out PublicKey? key))
            {
                return false;
            }

            if (!algorithm.CanSign)
            {
                Add(agreement, i + 1, key, revoked);
            }
            else if (ProofOfPossession.Verify(record.Did, key, entry.KeyData.Span, entry.Signature.Span))
            {
                Add(signing, i + 1, key, revoked);
            }
        }

        return true;
    }

    private static void Add(List<UsableKey> keys, int index, PublicKey key, RevokedKeys revoked)
    {
        if (!revoked.Contains(key))
        {
            keys.Add(new UsableKey(index, key));
        }
    }
}
