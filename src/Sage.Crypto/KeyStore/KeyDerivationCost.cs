using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto;

/// <summary>What one guess of a store's passphrase costs with Argon2id (one lane).</summary>
internal readonly record struct KeyDerivationCost(int MemoryKib, int Passes)
{
    private const int MaximumMemoryKib = 256 * 1024;

    private const int MaximumPasses = 10;

    /// <summary>64 MiB and three passes: the second recommended option of RFC 9106 §4, with one lane.</summary>
    public static KeyDerivationCost Standard { get; } = new(64 * 1024, 3);

    /// <summary>Whether a file may ask for this much: more would let a planted file exhaust the machine.</summary>
    public bool IsAcceptable => MemoryKib is >= Argon2idBackend.MinimumMemoryKib and <= MaximumMemoryKib && Passes is >= 1 and <= MaximumPasses;
}
