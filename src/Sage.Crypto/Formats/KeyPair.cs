namespace Sage.Crypto.Internal;

/// <summary>Imports a private key that came together with public ones.</summary>
internal static class KeyPair
{
    /// <summary>Null unless the private key is valid and each public key given (not empty) is its public half.</summary>
    public static PrivateKey? TryImport(
        KeyAlgorithm algorithm,
        ReadOnlySpan<byte> raw,
        KeyExportPolicy exportPolicy,
        ReadOnlySpan<byte> expected,
        ReadOnlySpan<byte> alsoExpected = default)
    {
        PrivateKey key;
        try
        {
            key = PrivateKey.Import(algorithm, raw, exportPolicy);
        }
        catch (FormatException)
        {
            return null;
        }

        if (IsAbsentOrHalfOf(key, expected) && IsAbsentOrHalfOf(key, alsoExpected))
        {
            return key;
        }

        key.Dispose();
        return null;
    }

    private static bool IsAbsentOrHalfOf(PrivateKey key, ReadOnlySpan<byte> expected) =>
        expected.IsEmpty
        || Bytes.PublicEquals(expected, key.PublicKey.Bytes)
        || (!key.Algorithm.IsRsa && Bytes.PublicEquals(expected, Coordinates.Compress(key.PublicKey)));
}
