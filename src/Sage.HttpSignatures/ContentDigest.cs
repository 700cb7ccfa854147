using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Sage.Crypto.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>The <c>Content-Digest</c> field (RFC 9530 §2): the digest of a body as it is transferred. Stateless and safe to use from any thread.</summary>
public static class ContentDigest
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "Content-Digest";

    internal const string LowerName = "content-digest";

    private const string Sha256Key = "sha-256";
    private const string Sha512Key = "sha-512";

    /// <summary>Computes the value of the field.</summary>
    /// <param name="body">The body.</param>
    /// <param name="algorithms">The algorithms, each once; SHA-256 when none is named.</param>
    /// <exception cref="ArgumentException">An algorithm is named twice.</exception>
    public static string Compute(ReadOnlySpan<byte> body, params ReadOnlySpan<DigestAlgorithm> algorithms)
    {
        if (algorithms.IsEmpty)
        {
            algorithms = [DigestAlgorithm.Sha256];
        }

        StructuredFieldWriter writer = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        for (int i = 0; i < algorithms.Length; i++)
        {
            if (algorithms[..i].Contains(algorithms[i]))
            {
                throw new ArgumentException("An algorithm is named twice.", nameof(algorithms));
            }

            writer.Member(KeyOf(algorithms[i]));
            writer.Bytes(digest[..Hash(algorithms[i], body, digest)]);
        }

        return writer.TryComplete(out string? text) ? text : throw new InvalidOperationException("A digest cannot be written.");
    }

    /// <summary>
    /// Compares a body with the field. Every member whose algorithm is known must match, and one must be known; others are
    /// ignored, the deprecated ones among them.
    /// </summary>
    /// <param name="lines">The lines of the field.</param>
    /// <param name="body">The body.</param>
    /// <returns>
    /// <see cref="SignatureError.None"/>, <see cref="SignatureError.MalformedDigest"/>,
    /// <see cref="SignatureError.DigestNotSupported"/> or <see cref="SignatureError.DigestMismatch"/>.
    /// </returns>
    public static SignatureError Verify(StringValues lines, ReadOnlySpan<byte> body)
    {
        if (lines.Count == 0
            || !FieldLine.TryParse(StructuredFieldType.Dictionary, lines, StructuredFieldLimits.Default, out StructuredField? field)
            || field.HasDuplicateKeys)
        {
            return SignatureError.MalformedDigest;
        }

        SignatureError sha256 = Verify(field, DigestAlgorithm.Sha256, body);
        SignatureError sha512 = Verify(field, DigestAlgorithm.Sha512, body);

        // Not supported means: not there. If both are not, nothing was compared.
        return (sha256, sha512) switch
        {
            (SignatureError.DigestNotSupported, _) => sha512,
            (_, SignatureError.DigestNotSupported) => sha256,
            (SignatureError.None, _) => sha512,
            _ => sha256,
        };
    }

    /// <summary>Whether a member is compared.</summary>
    internal static bool IsKnown(string key) => key is Sha256Key or Sha512Key;

    internal static string KeyOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => Sha256Key,
        DigestAlgorithm.Sha512 => Sha512Key,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private static SignatureError Verify(StructuredField field, DigestAlgorithm algorithm, ReadOnlySpan<byte> body)
    {
        if (!field.TryGetMember(KeyOf(algorithm), out StructuredValue member))
        {
            return SignatureError.DigestNotSupported;
        }

        Span<byte> received = stackalloc byte[SHA512.HashSizeInBytes];
        if (!member.TryGetBytes(received, out int length))
        {
            return SignatureError.MalformedDigest;
        }

        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        int expected = Hash(algorithm, body, digest);
        return Bytes.PublicEquals(received[..length], digest[..expected]) ? SignatureError.None : SignatureError.DigestMismatch;
    }

    private static int Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> body, Span<byte> digest) =>
        algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(body, digest) : SHA512.HashData(body, digest);
}
