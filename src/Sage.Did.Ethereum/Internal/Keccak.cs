using Sage.Crypto.Internal.Backend;

namespace Sage.Did.Ethereum.Internal;

/// <summary>Keccak-256 into a new array.</summary>
internal static class Keccak
{
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[Keccak256.Size];
        Keccak256.Hash(data, hash);
        return hash;
    }
}
