using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Sage.Did.Ethereum;

/// <summary>
/// An unsigned integer of 256 bits, as the Ethereum virtual machine counts. Arithmetic is checked: a result that does not fit
/// throws <see cref="OverflowException"/> and is never cut.
/// </summary>
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    /// <summary>Length of the big-endian form, in bytes.</summary>
    public const int Size = 32;

    private readonly UInt128 high;
    private readonly UInt128 low;

    private UInt256(UInt128 high, UInt128 low)
    {
        this.high = high;
        this.low = low;
    }

    /// <summary>Zero.</summary>
    public static UInt256 Zero => default;

    /// <summary>One.</summary>
    public static UInt256 One => 1;

    /// <summary>2²⁵⁶ − 1.</summary>
    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>Whether the value is zero.</summary>
    public bool IsZero => (high | low) == 0;

    /// <summary>The number of bytes of the shortest big-endian form; 0 for zero.</summary>
    public int ByteCount => high != 0 ? 32 - (LeadingZeros(high) / 8) : 16 - (LeadingZeros(low) / 8);

    /// <summary>Converts a 64-bit integer.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator UInt256(ulong value) => new(0, value);

    /// <summary>Whether two values are the same.</summary>
    public static bool operator ==(UInt256 left, UInt256 right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(UInt256 left, UInt256 right) => !left.Equals(right);

    /// <summary>Whether the left value is smaller.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left value is larger.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left value is smaller or the same.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left value is larger or the same.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        UInt128 low = unchecked(left.low + right.low);
        UInt128 carry = low < left.low ? UInt128.One : UInt128.Zero;
        return new UInt256(checked(left.high + right.high + carry), low);
    }

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">The right value is larger.</exception>
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        if (left < right)
        {
            throw new OverflowException("The difference would be negative.");
        }

        UInt128 borrow = left.low < right.low ? UInt128.One : UInt128.Zero;
        return new UInt256(left.high - right.high - borrow, unchecked(left.low - right.low));
    }

    /// <summary>The product with a 64-bit integer.</summary>
    /// <exception cref="OverflowException">The product does not fit.</exception>
    public static UInt256 operator *(UInt256 left, ulong right)
    {
        UInt128 lower = (UInt128)(ulong)left.low * right;
        UInt128 upper = ((left.low >> 64) * right) + (lower >> 64);
        return new UInt256(checked((left.high * right) + (upper >> 64)), (upper << 64) | (ulong)lower);
    }

    /// <summary>The sum; see the operator.</summary>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    public static UInt256 Add(UInt256 left, UInt256 right) => left + right;

    /// <summary>The difference; see the operator.</summary>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    public static UInt256 Subtract(UInt256 left, UInt256 right) => left - right;

    /// <summary>The product; see the operator.</summary>
    /// <param name="left">The left value.</param>
    /// <param name="right">The right value.</param>
    public static UInt256 Multiply(UInt256 left, ulong right) => left * right;

    /// <summary>The quotient and the remainder of a division by a 64-bit integer.</summary>
    /// <param name="divisor">The divisor.</param>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public (UInt256 Quotient, ulong Remainder) DivRem(ulong divisor)
    {
        (ulong q3, ulong rest) = DivStep(0, (ulong)(high >> 64), divisor);
        (ulong q2, rest) = DivStep(rest, (ulong)high, divisor);
        (ulong q1, rest) = DivStep(rest, (ulong)(low >> 64), divisor);
        (ulong q0, rest) = DivStep(rest, (ulong)low, divisor);
        return (new UInt256(new UInt128(q3, q2), new UInt128(q1, q0)), rest);
    }

    /// <summary>Reads a big-endian integer of at most 32 bytes.</summary>
    /// <param name="bigEndian">The bytes; none means zero.</param>
    /// <exception cref="ArgumentException">There are more than 32 bytes.</exception>
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> bigEndian)
    {
        if (bigEndian.Length > Size)
        {
            throw new ArgumentException("The bytes are more than 32.", nameof(bigEndian));
        }

        Span<byte> full = stackalloc byte[Size];
        full.Clear();
        bigEndian.CopyTo(full[(Size - bigEndian.Length)..]);
        return new UInt256(BinaryPrimitives.ReadUInt128BigEndian(full), BinaryPrimitives.ReadUInt128BigEndian(full[16..]));
    }

    /// <summary>Writes all 32 bytes, big-endian.</summary>
    /// <param name="destination">Receives exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">The destination is not exactly that long.</exception>
    public void WriteBigEndian(Span<byte> destination)
    {
        if (destination.Length != Size)
        {
            throw new ArgumentException("The destination must be exactly 32 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>Takes the value as a 64-bit integer if it is one.</summary>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> if it is larger.</returns>
    public bool TryToUInt64(out ulong value)
    {
        value = (ulong)low;
        return high == 0 && low <= ulong.MaxValue;
    }

    /// <summary>The value as a 64-bit integer.</summary>
    /// <exception cref="OverflowException">It is larger.</exception>
    public ulong ToUInt64() => TryToUInt64(out ulong value) ? value : throw new OverflowException("The value is more than 64 bits.");

    /// <summary>Reads decimal digits: no sign, no white space, no separators, no leading zero.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        // 2²⁵⁶ has 78 digits.
        if (text.Length is 0 or > 78 || (text[0] == '0' && text.Length > 1) || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        UInt256 result = default;
        foreach (char digit in text)
        {
            // Ten times the value plus nine is at most MaxValue up to here.
            if (result > MaxTenth)
            {
                return false;
            }

            result *= 10;
            uint add = (uint)(digit - '0');
            if (MaxValue - result < add)
            {
                return false;
            }

            result += add;
        }

        value = result;
        return true;
    }

    /// <summary>Reads decimal digits, as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not a decimal integer below 2²⁵⁶.</exception>
    public static UInt256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out UInt256 value) ? value : throw new FormatException("The text is not a decimal integer below 2^256.");

    /// <summary>Reads a quantity of JSON-RPC: <c>0x</c> and hex digits without a leading zero; <c>0x0</c> is zero.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The value.</param>
    public static bool TryParseQuantity(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length is < 3 or > 66 || (text[2] == '0' && text.Length > 3))
        {
            return false;
        }

        Span<char> padded = stackalloc char[2 * Size];
        padded.Fill('0');
        text[2..].CopyTo(padded[(2 * Size + 2 - text.Length)..]);
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(padded, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        value = FromBigEndian(bytes);
        return true;
    }

    /// <summary>The value as a quantity of JSON-RPC, in lower case.</summary>
    public string ToQuantity()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteBigEndian(bytes);
        string digits = Convert.ToHexStringLower(bytes).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <inheritdoc/>
    public int CompareTo(UInt256 other) => high == other.high ? low.CompareTo(other.low) : high.CompareTo(other.high);

    /// <inheritdoc/>
    public bool Equals(UInt256 other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is UInt256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(high, low);

    /// <summary>The value in decimal.</summary>
    public override string ToString()
    {
        if (high == 0)
        {
            return low.ToString(CultureInfo.InvariantCulture);
        }

        const ulong Chunk = 1_000_000_000_000_000_000;
        (UInt256 rest, ulong tail) = DivRem(Chunk);
        return rest + tail.ToString("D18", CultureInfo.InvariantCulture);
    }

    private static UInt256 MaxTenth => MaxValue.DivRem(10).Quotient;

    private static int LeadingZeros(UInt128 value) => (int)UInt128.LeadingZeroCount(value);

    private static (ulong Quotient, ulong Remainder) DivStep(ulong upper, ulong next, ulong divisor)
    {
        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(new UInt128(upper, next), divisor);
        return ((ulong)quotient, (ulong)remainder);
    }
}
