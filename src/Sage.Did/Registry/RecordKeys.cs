using Sage.Crypto;

namespace Sage.Did;

/// <summary>What the keys of a record are worth (SAGE profile P1 §6.3, §6.4).</summary>
internal sealed class RecordKeys
{
    private static readonly RecordKeys None = new(true, [], null);

    private RecordKeys(bool isWellFormed, IReadOnlyList<UsableKey> signing, PublicKey? agreement)
    {
        IsWellFormed = isWellFormed;
        Signing = signing;
        Agreement = signing.Count > 0 ? agreement : null;
        Handshake = (signing.FirstOrDefault(key => key.Key.Algorithm == KeyAlgorithm.Secp256k1)
            ?? signing.FirstOrDefault(key => key.Key.Algorithm == KeyAlgorithm.Ed25519))?.Key;
    }

    public bool IsWellFormed { get; }

    public IReadOnlyList<UsableKey> Signing { get; }

    public PublicKey? Handshake { get; }

    public PublicKey? Agreement { get; }

    public static RecordKeys Derive(AgentRecord record)
    {
        List<UsableKey> signing = [];
        PublicKey? agreement = null;
        if (!record.PublicKemKey.IsEmpty && !PublicKey.TryImport(KeyAlgorithm.X25519, record.PublicKemKey.Span, out agreement))
        {
            return new RecordKeys(false, [], null);
        }

        for (int i = 0; i < record.Keys.Count; i++)
        {
            RecordKey key = record.Keys[i];
            if (!key.Verified || AlgorithmOf(key.Type) is not { } algorithm)
            {
                continue;
            }

            if (!PublicKey.TryImport(algorithm, key.KeyData.Span, out PublicKey? imported))
            {
                return new RecordKeys(false, [], null);
            }

            if (IsRevoked(record, imported))
            {
                continue;
            }

            if (!algorithm.CanSign)
            {
                agreement ??= imported;
            }
            else if (ProofOfPossession.Verify(record.Did, imported, key.KeyData.Span, key.Signature.Span))
            {
                signing.Add(new UsableKey(i + 1, imported));
            }
        }

        return record.IsActive ? new RecordKeys(true, signing, agreement) : None;
    }

    public static KeyAlgorithm? AlgorithmOf(RecordKeyType type) => type switch
    {
        RecordKeyType.Secp256k1 => KeyAlgorithm.Secp256k1,
        RecordKeyType.Ed25519 => KeyAlgorithm.Ed25519,
        RecordKeyType.X25519 => KeyAlgorithm.X25519,
        _ => null,
    };

    // A revoked key does not return in another encoding, so the keys are compared, not their bytes.
    private static bool IsRevoked(AgentRecord record, PublicKey key)
    {
        foreach (ReadOnlyMemory<byte> revoked in record.Revoked)
        {
            if (PublicKey.TryImport(key.Algorithm, revoked.Span, out PublicKey? imported) && imported.Equals(key))
            {
                return true;
            }
        }

        return false;
    }
}
