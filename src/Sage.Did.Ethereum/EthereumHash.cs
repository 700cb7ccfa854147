using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Did.Ethereum;

/// <summary>32 bytes that name a block or a transaction, or stand as a topic of a log.</summary>
public readonly struct EthereumHash : IEquatable<EthereumHash>
{
    /// <summary>Length of a hash, in bytes.</summary>
    public const int Size = 32;

    private readonly UInt128 high;
    private readonly UInt128 low;

    private EthereumHash(ReadOnlySpan<byte> bytes)
    {
        high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Whether all bytes are zero, as in the <see langword="default"/> value.</summary>
    public bool IsZero => high == 0 && low == 0;

    /// <summary>Whether two hashes are the same.</summary>
    public static bool operator ==(EthereumHash left, EthereumHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(EthereumHash left, EthereumHash right) => !left.Equals(right);

    /// <summary>Takes 32 bytes for a hash.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static EthereumHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new EthereumHash(bytes)
        : throw new ArgumentException("A hash is exactly 32 bytes.", nameof(bytes));

    /// <summary>Reads <c>0x</c> and 64 hex digits of either case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hash">The hash.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out EthereumHash hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool isHash = RpcHex.TryReadBytes(text, bytes);
        hash = isHash ? new EthereumHash(bytes) : default;
        return isHash;
    }

    /// <summary>Reads a hash, as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not a hash.</exception>
    public static EthereumHash Parse(ReadOnlySpan<char> text) => TryParse(text, out EthereumHash hash)
        ? hash
        : throw new FormatException("The text is not 0x and 64 hex digits.");

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">Receives exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != Size)
        {
            throw new ArgumentException("The destination must be exactly 32 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(EthereumHash other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EthereumHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(high, low);

    /// <summary>The hash as <c>0x</c> and 64 hex digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return RpcHex.Data(bytes);
    }
}
