using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Sage.Crypto;
using Sage.Crypto.Internal.Backend;

namespace Sage.Did.Ethereum;

/// <summary>The address of an account or a contract: 20 bytes, written with the checksum of EIP-55.</summary>
public readonly struct EthereumAddress : IEquatable<EthereumAddress>
{
    /// <summary>Length of an address, in bytes.</summary>
    public const int Size = 20;

    private const int TextLength = 2 + (2 * Size);

    private readonly UInt128 first;
    private readonly uint last;

    private EthereumAddress(ReadOnlySpan<byte> bytes)
    {
        first = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        last = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Twenty zero bytes: no account; also the <see langword="default"/> value.</summary>
    public static EthereumAddress Zero => default;

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => first == 0 && last == 0;

    /// <summary>Whether two addresses are the same.</summary>
    public static bool operator ==(EthereumAddress left, EthereumAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    public static bool operator !=(EthereumAddress left, EthereumAddress right) => !left.Equals(right);

    /// <summary>Takes 20 bytes for an address.</summary>
    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException">There are not exactly 20 bytes.</exception>
    public static EthereumAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new EthereumAddress(bytes)
        : throw new ArgumentException("An address is exactly 20 bytes.", nameof(bytes));

    /// <summary>The address of the account that a secp256k1 key controls: the last 20 bytes of the Keccak-256 of the point.</summary>
    /// <param name="publicKey">The public key.</param>
    /// <exception cref="ArgumentException">The key is not a secp256k1 key.</exception>
    public static EthereumAddress FromPublicKey(PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        if (publicKey.Algorithm != KeyAlgorithm.Secp256k1)
        {
            throw new ArgumentException($"A {publicKey.Algorithm.Name} key has no address; use a secp256k1 key.", nameof(publicKey));
        }

        Span<byte> hash = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(publicKey.Bytes[1..], hash);
        return new EthereumAddress(hash[^Size..]);
    }

    /// <summary>
    /// Reads <c>0x</c> and 40 hex digits. Digits of one case are taken as they are; digits of both cases must carry the
    /// checksum of EIP-55.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out EthereumAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != TextLength || !text.StartsWith("0x", StringComparison.Ordinal)
            || Convert.FromHexString(text[2..], bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        EthereumAddress candidate = new(bytes);
        bool mixed = text[2..].ContainsAnyInRange('A', 'F') && text[2..].ContainsAnyInRange('a', 'f');
        if (mixed && !text.Equals(candidate.ToString(), StringComparison.Ordinal))
        {
            return false;
        }

        address = candidate;
        return true;
    }

    /// <summary>Reads an address, as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not an address, or its checksum is wrong.</exception>
    public static EthereumAddress Parse(ReadOnlySpan<char> text) => TryParse(text, out EthereumAddress address)
        ? address
        : throw new FormatException("The text is not an Ethereum address, or its EIP-55 checksum is wrong.");

    /// <summary>Writes the 20 bytes.</summary>
    /// <param name="destination">Receives exactly 20 bytes.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != Size)
        {
            throw new ArgumentException("The destination must be exactly 20 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, first);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], last);
    }

    /// <summary>The 20 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The address as <c>0x</c> and 40 hex digits in lower case, the form in a DID.</summary>
    public string ToLowerHex()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(EthereumAddress other) => first == other.first && last == other.last;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EthereumAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(first, last);

    /// <summary>The address with the checksum of EIP-55: a letter is upper-case where the hash of the lower-case text says so.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        Span<char> text = stackalloc char[TextLength];
        "0x".CopyTo(text);
        Convert.TryToHexStringLower(bytes, text[2..], out _);
        Span<byte> ascii = stackalloc byte[2 * Size];
        for (int i = 0; i < ascii.Length; i++)
        {
            ascii[i] = (byte)text[2 + i];
        }

        Span<byte> hash = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(ascii, hash);
        for (int i = 0; i < ascii.Length; i++)
        {
            int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            text[2 + i] = nibble >= 8 ? char.ToUpperInvariant(text[2 + i]) : text[2 + i];
        }

        return new string(text);
    }
}
