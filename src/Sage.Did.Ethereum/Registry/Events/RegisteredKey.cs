namespace Sage.Did.Ethereum;

/// <summary>A key as it was registered.</summary>
/// <param name="type">The type's number in the registry.</param>
/// <param name="purposes">What it is for.</param>
/// <param name="isProven">Whether the contract checked the proof.</param>
/// <param name="encoded">The key in the registry's encoding, 32 or 33 bytes.</param>
/// <param name="proof">The proof as it was given: at most 65 bytes.</param>
internal sealed class RegisteredKey(byte type, byte purposes, bool isProven, ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> proof)
{
    public const int MaxEncoded = 33;
    public const int MaxProof = 65;

    /// <summary>Its name in the registry.</summary>
    public EthereumHash KeyId { get; } = KeyMessages.KeyId(type, encoded.Span);

    public byte Type => type;

    public byte Purposes => purposes;

    public bool IsProven => isProven;

    public ReadOnlyMemory<byte> Encoded => encoded;

    public ReadOnlyMemory<byte> Proof => proof;
}
