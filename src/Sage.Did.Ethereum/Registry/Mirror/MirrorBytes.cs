using System.Buffers.Binary;

namespace Sage.Did.Ethereum;

/// <summary>Reads numbers and bytes one after another. After the first error everything is empty; <see cref="IsAtEnd"/> tells.</summary>
internal ref struct MirrorBytes(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> rest = rest;
    private bool failed;

    /// <summary>Whether everything was read, and without an error.</summary>
    public readonly bool IsAtEnd => !failed && rest.IsEmpty;

    public ReadOnlySpan<byte> Take(int count)
    {
        failed |= count > rest.Length;
        if (failed)
        {
            return default;
        }

        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public byte Byte() => Take(1) is [byte value] ? value : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>A byte that is 0 or 1.</summary>
    public bool Bool()
    {
        byte value = Byte();
        failed |= value > 1;
        return value == 1;
    }

    public EthereumAddress Address() => Take(EthereumAddress.Size) is { Length: EthereumAddress.Size } bytes ? EthereumAddress.FromBytes(bytes) : default;

    public EthereumHash Hash() => Take(EthereumHash.Size) is { Length: EthereumHash.Size } bytes ? EthereumHash.FromBytes(bytes) : default;
}
