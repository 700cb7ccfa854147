namespace Sage.Did.Ethereum.Abi;

/// <summary>The 32-byte unit of the ABI.</summary>
internal static class AbiWord
{
    public const int Size = 32;

    /// <summary>The size of a word as a multiple of which the length of bytes is padded.</summary>
    public static long Padded(int length) => ((long)length + Size - 1) / Size * Size;

    /// <summary>Whether a word is an unsigned integer of so many bits.</summary>
    public static bool FitsUnsigned(ReadOnlySpan<byte> word, int bits) => IsAll(word[..(Size - (bits / 8))], 0);

    /// <summary>Whether a word is a sign-extended integer of so many bits.</summary>
    public static bool FitsSigned(ReadOnlySpan<byte> word, int bits)
    {
        int first = Size - (bits / 8);
        return IsAll(word[..first], (byte)(word[first] >= 0x80 ? 0xFF : 0));
    }

    public static bool IsAll(ReadOnlySpan<byte> bytes, byte value) => !bytes.ContainsAnyExcept(value);
}
