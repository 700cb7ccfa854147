using Org.BouncyCastle.Crypto.Digests;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Original Keccak-256 (padding 0x01), as Ethereum uses it; not SHA3-256.</summary>
internal static class Keccak256
{
    public const int Size = 32;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(data);
        digest.DoFinal(destination);
    }
}
