namespace Sage.Did;

/// <summary>The owner's authorisation of a record as it stands. Immutable.</summary>
/// <param name="Operation">What the write did: <c>register</c>, <c>update</c>, <c>add_key</c>, <c>rotate_key</c>, <c>revoke_key</c> or <c>deactivate</c>.</param>
/// <param name="Previous">Lower-case hex SHA-256 of the canonical JSON of the record it replaced; empty for the first.</param>
/// <param name="Signature">The owner's 65-byte secp256k1 signature <c>r‖s‖v</c>.</param>
public sealed record OwnerProof(string Operation, string Previous, ReadOnlyMemory<byte> Signature);
