using System.Formats.Asn1;

namespace Sage.Crypto.Internal;

/// <summary>RSAPublicKey and RSAPrivateKey of two primes (RFC 8017 A.1) in DER, so that equal keys have equal bytes.</summary>
internal static class RsaDer
{
    private const byte IntegerTag = 0x02;
    private const byte SequenceTag = 0x30;

    // INTEGER 0: a key of two primes.
    private static ReadOnlySpan<byte> Version => [IntegerTag, 1, 0];

    /// <summary>The numbers point into <paramref name="der"/>.</summary>
    public static bool TryReadPublicKey(ReadOnlySpan<byte> der, out RsaNumbers numbers)
    {
        numbers = default;
        return TryReadSequence(ref der) && TryReadNumber(ref der, out numbers.N) && TryReadNumber(ref der, out numbers.E) && der.IsEmpty;
    }

    /// <summary>The numbers point into <paramref name="der"/>; whether they belong together is not checked.</summary>
    public static bool TryReadPrivateKey(ReadOnlySpan<byte> der, out RsaNumbers numbers)
    {
        numbers = default;
        if (!TryReadSequence(ref der) || !der.StartsWith(Version))
        {
            return false;
        }

        der = der[Version.Length..];
        return TryReadNumber(ref der, out numbers.N) && TryReadNumber(ref der, out numbers.E) && TryReadNumber(ref der, out numbers.D)
            && TryReadNumber(ref der, out numbers.P) && TryReadNumber(ref der, out numbers.Q)
            && TryReadNumber(ref der, out numbers.Dp) && TryReadNumber(ref der, out numbers.Dq) && TryReadNumber(ref der, out numbers.Qi)
            && der.IsEmpty;
    }

    public static byte[] WritePublicKey(ReadOnlySpan<byte> n, ReadOnlySpan<byte> e)
    {
        int content = NumberSize(n) + NumberSize(e);
        byte[] der = new byte[DerLength.HeaderSize(content) + content];
        Span<byte> rest = der.AsSpan(DerLength.WriteHeader(der, SequenceTag, content));
        WriteNumber(ref rest, n);
        WriteNumber(ref rest, e);
        return der;
    }

    /// <summary>A pinned array the caller zeroes.</summary>
    public static byte[] WritePrivateKey(RsaNumbers numbers)
    {
        int content = Version.Length + NumberSize(numbers.N) + NumberSize(numbers.E) + NumberSize(numbers.D) + NumberSize(numbers.P)
            + NumberSize(numbers.Q) + NumberSize(numbers.Dp) + NumberSize(numbers.Dq) + NumberSize(numbers.Qi);
        byte[] der = GC.AllocateArray<byte>(DerLength.HeaderSize(content) + content, pinned: true);
        Span<byte> rest = der.AsSpan(DerLength.WriteHeader(der, SequenceTag, content));
        Version.CopyTo(rest);
        rest = rest[Version.Length..];
        WriteNumber(ref rest, numbers.N);
        WriteNumber(ref rest, numbers.E);
        WriteNumber(ref rest, numbers.D);
        WriteNumber(ref rest, numbers.P);
        WriteNumber(ref rest, numbers.Q);
        WriteNumber(ref rest, numbers.Dp);
        WriteNumber(ref rest, numbers.Dq);
        WriteNumber(ref rest, numbers.Qi);
        return der;
    }

    private static bool TryReadSequence(scoped ref ReadOnlySpan<byte> der)
    {
        if (!TryReadElement(ref der, SequenceTag, out ReadOnlySpan<byte> content) || !der.IsEmpty)
        {
            return false;
        }

        der = content;
        return true;
    }

    // Positive and minimal: one leading zero only where the number would otherwise be negative.
    private static bool TryReadNumber(scoped ref ReadOnlySpan<byte> der, out ReadOnlySpan<byte> number)
    {
        if (!TryReadElement(ref der, IntegerTag, out number)
            || number is [] or [>= 0x80, ..] or [0] or [0, < 0x80, ..])
        {
            return false;
        }

        number = number[0] == 0 ? number[1..] : number;
        return true;
    }

    private static bool TryReadElement(scoped ref ReadOnlySpan<byte> der, byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (der.IsEmpty || der[0] != tag
            || !AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out _, out int contentAt, out int contentSize, out int consumed))
        {
            return false;
        }

        content = der.Slice(contentAt, contentSize);
        der = der[consumed..];
        return true;
    }

    private static int NumberSize(ReadOnlySpan<byte> number)
    {
        int content = number.Length + (number[0] >> 7);
        return DerLength.HeaderSize(content) + content;
    }

    private static void WriteNumber(ref Span<byte> rest, ReadOnlySpan<byte> number)
    {
        int sign = number[0] >> 7;
        int at = DerLength.WriteHeader(rest, IntegerTag, sign + number.Length) + sign;
        number.CopyTo(rest[at..]);
        rest = rest[(at + number.Length)..];
    }
}
