using System.Numerics;
using System.Security.Cryptography;

namespace Sage.Crypto.Tests.Unit.Keys;

/// <summary>Textbook arithmetic on Ed25519's curve, to build the points and signatures that only an attacker would.</summary>
internal sealed record Edwards25519(BigInteger X, BigInteger Y)
{
    public static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    public static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));

    public static Edwards25519 Identity { get; } = new(0, 1);

    public static Edwards25519 Base { get; } = FromY(Mod(4 * Inverse(5)), odd: false)!;

    /// <summary>The eight points whose order divides eight, the identity first.</summary>
    public static IReadOnlyList<Edwards25519> Torsion { get; } = FindTorsion();

    /// <summary>The point with this y and this parity of x, or null.</summary>
    public static Edwards25519? FromY(BigInteger y, bool odd)
    {
        BigInteger square = Mod((y * y - 1) * Inverse(D * y * y + 1));
        BigInteger x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x) != square)
        {
            x = Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        }

        if (Mod(x * x) != square)
        {
            return null;
        }

        return new(x.IsEven == odd ? Mod(-x) : x, y);
    }

    public static Edwards25519 operator +(Edwards25519 a, Edwards25519 b)
    {
        BigInteger t = Mod(D * a.X * b.X * a.Y * b.Y);
        return new(Mod((a.X * b.Y + b.X * a.Y) * Inverse(1 + t)), Mod((a.Y * b.Y + a.X * b.X) * Inverse(1 - t)));
    }

    public static Edwards25519 operator *(BigInteger k, Edwards25519 point)
    {
        Edwards25519 sum = Identity;
        for (int bit = (int)k.GetBitLength() - 1; bit >= 0; bit--)
        {
            sum += sum;
            if (!((k >> bit) & 1).IsZero)
            {
                sum += point;
            }
        }

        return sum;
    }

    public byte[] Encode() => Encode(Y, !X.IsEven);

    public static byte[] Encode(BigInteger y, bool sign)
    {
        byte[] bytes = ToBytes(y);
        bytes[31] |= (byte)(sign ? 0x80 : 0);
        return bytes;
    }

    public static byte[] ToBytes(BigInteger value)
    {
        byte[] bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    /// <summary>The secret scalar behind an RFC 8032 seed.</summary>
    public static BigInteger Scalar(byte[] seed)
    {
        byte[] hash = SHA512.HashData(seed)[..32];
        hash[0] &= 248;
        hash[31] = (byte)((hash[31] & 127) | 64);
        return new(hash, isUnsigned: true);
    }

    /// <summary>The challenge k = SHA-512(R ‖ A ‖ M) mod L.</summary>
    public static BigInteger Challenge(byte[] r, byte[] a, byte[] message) =>
        new BigInteger(SHA512.HashData([.. r, .. a, .. message]), isUnsigned: true) % L;

    private static List<Edwards25519> FindTorsion()
    {
        // L times a point has an order that divides eight; some point of small y gives a generator of all eight.
        for (int y = 2; ; y++)
        {
            Edwards25519? point = FromY(y, odd: false) is { } p ? L * p : null;
            if (point is not null && 4 * point != Identity)
            {
                return [.. Enumerable.Range(0, 8).Select(i => i * point)];
            }
        }
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;
}
