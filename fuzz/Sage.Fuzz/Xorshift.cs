using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sage.Fuzz;

/// <summary>A small generator whose run can be repeated from its seed.</summary>
internal sealed class Xorshift
{
    private ulong state;

    public Xorshift(ulong seed)
    {
        Seed = seed;
        state = seed == 0 ? 1 : seed;
    }

    public ulong Seed { get; }

    public static ulong NewSeed()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A number from 0 up to but not including <paramref name="bound"/>, which is at least 1.</summary>
    public int Below(int bound)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)bound);
    }
}
