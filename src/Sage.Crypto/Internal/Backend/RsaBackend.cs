using System.Numerics;
using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>RSA signatures through the base class library, which also checks that the parts of a private key belong together.</summary>
internal static class RsaBackend
{
    /// <summary>The longest RSAPublicKey: a modulus of 8192 bits and an exponent of 32.</summary>
    public const int MaxPublicKeySize = 4 + 4 + 1 + (MaxModulusBits / 8) + 2 + 5;

    /// <summary>More than the RSAPrivateKey of two primes of 4096 bits, which is about 4660 bytes.</summary>
    public const int MaxPrivateKeySize = 5 * 1024;

    private const int MinModulusBits = 2048;
    private const int MaxModulusBits = 8192;
    private const int GeneratedModulusBits = 3072;
    private const int MinExponent = 65537;

    /// <summary>Reads the DER of an RSAPublicKey; null unless its size and exponent are acceptable.</summary>
    public static RsaPublicKey? TryImport(ReadOnlySpan<byte> der)
    {
        if (der.Length > MaxPublicKeySize || !RsaDer.TryReadPublicKey(der, out RsaNumbers numbers) || !IsAcceptable(numbers))
        {
            return null;
        }

        RSA rsa = RSA.Create();
        try
        {
            rsa.ImportRSAPublicKey(der, out _);
            return new RsaPublicKey(der.ToArray(), rsa);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    /// <summary>Reads the DER of an RSAPrivateKey with two primes; null unless it is acceptable and its parts fit each other.</summary>
    public static RSA? TryImportPrivateKey(ReadOnlySpan<byte> der, out RsaPublicKey? publicKey)
    {
        publicKey = null;
        if (der.Length > MaxPrivateKeySize || !RsaDer.TryReadPrivateKey(der, out RsaNumbers numbers) || !IsAcceptable(numbers))
        {
            return null;
        }

        RSA rsa = RSA.Create();
        try
        {
            rsa.ImportRSAPrivateKey(der, out _);
            publicKey = TryImport(RsaDer.WritePublicKey(numbers.N, numbers.E));
        }
        catch (CryptographicException)
        {
            // Parts that do not fit each other; the platform says so in its own words.
        }

        if (publicKey is null)
        {
            rsa.Dispose();
            return null;
        }

        return rsa;
    }

    /// <summary>A new RSAPrivateKey in DER; the caller disposes it.</summary>
    public static SecretBuffer Generate()
    {
        using RSA rsa = RSA.Create(GeneratedModulusBits);
        using SecretBuffer room = new(MaxPrivateKeySize);
        return rsa.TryExportRSAPrivateKey(room.Span, out int written)
            ? new SecretBuffer(room.Span[..written])
            : throw new CryptographicException("The library made an RSA key of an unexpected size.");
    }

    public static void Sign(RSA key, KeyAlgorithmId algorithm, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        (HashAlgorithmName hash, RSASignaturePadding padding) = Scheme(algorithm);

        // RSA instances are not documented as thread-safe; disposing takes the same lock.
        lock (key)
        {
            if (!key.TrySignData(message, signature, hash, padding, out int written) || written != signature.Length)
            {
                throw new CryptographicException("The library did not make an RSA signature of the right size.");
            }
        }
    }

    public static bool Verify(RsaPublicKey key, KeyAlgorithmId algorithm, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != key.ModulusSize)
        {
            return false;
        }

        (HashAlgorithmName hash, RSASignaturePadding padding) = Scheme(algorithm);
        lock (key)
        {
            return key.Bcl.VerifyData(message, signature, hash, padding);
        }
    }

    // The salt of Pss is as long as the digest: 64 bytes, as RFC 9421 §3.3.1 says.
    private static (HashAlgorithmName Hash, RSASignaturePadding Padding) Scheme(KeyAlgorithmId algorithm) =>
        algorithm == KeyAlgorithmId.RsaPssSha512
            ? (HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
            : (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static bool IsAcceptable(RsaNumbers numbers)
    {
        int bits = (numbers.N.Length * 8) - (numbers.N.IsEmpty ? 0 : BitOperations.LeadingZeroCount(numbers.N[0]) - 24);
        if (bits is < MinModulusBits or > MaxModulusBits || (numbers.N[^1] & 1) == 0 || numbers.E.Length > sizeof(uint))
        {
            return false;
        }

        uint exponent = 0;
        foreach (byte value in numbers.E)
        {
            exponent = (exponent << 8) | value;
        }

        return exponent >= MinExponent && (exponent & 1) == 1;
    }
}
