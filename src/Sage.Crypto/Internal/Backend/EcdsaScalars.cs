using Org.BouncyCastle.Math;

namespace Sage.Crypto.Internal.Backend;

/// <summary>Conversions between big-endian byte strings and scalars that the ECDSA curves share.</summary>
internal static class EcdsaScalars
{
    public static BigInteger Read(ReadOnlySpan<byte> bytes) => new(1, bytes);

    public static void Write(BigInteger value, Span<byte> destination)
    {
        int length = value.GetLengthofByteArrayUnsigned();
        destination.Clear();
        value.ToByteArrayUnsigned(destination[^length..]);
    }

    public static bool IsInRange(BigInteger value, BigInteger order) => value.SignValue > 0 && value.CompareTo(order) < 0;
}
