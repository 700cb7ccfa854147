using System.Security.Cryptography;

namespace Sage.Crypto.Internal.Backend;

/// <summary>P-384 with SHA-384 through the base class library: raw r‖s, random nonces, either s.</summary>
internal static class P384Backend
{
    private const int SignatureSize = 96;

    /// <summary>The private key in the base class library, which copies the scalar into memory of its own.</summary>
    public static ECDsa ImportPrivateKey(ReadOnlySpan<byte> secret, EcdsaPublicKey publicKey)
    {
        byte[] d = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        try
        {
            secret.CopyTo(d);
            return NistCurve.P384.CreateBcl(publicKey.Encoded, d);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    public static void Sign(ECDsa key, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        // ECDsa instances are not documented as thread-safe; disposing takes the same lock.
        lock (key)
        {
            if (!key.TrySignData(message, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written)
                || written != SignatureSize)
            {
                throw new CryptographicException("The library did not make a P-384 signature of the right size.");
            }
        }
    }

    public static bool Verify(EcdsaPublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
        {
            return false;
        }

        lock (key)
        {
            return key.Bcl!.VerifyData(message, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
