namespace Sage.Crypto.Internal;

/// <summary>Comparison of bytes that are not secret; secrets use CryptographicOperations.FixedTimeEquals.</summary>
internal static class Bytes
{
    // The ban on SequenceEqual makes every comparison say which kind it is; this is the public kind.
#pragma warning disable RS0030
    public static bool PublicEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceEqual(right);
#pragma warning restore RS0030
}
