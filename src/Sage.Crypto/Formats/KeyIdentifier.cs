using System.Formats.Asn1;

namespace Sage.Crypto.Internal;

/// <summary>The AlgorithmIdentifier of a key.</summary>
/// <param name="Kind">What the key is.</param>
/// <param name="Oid">The curve's identifier, null if it is not named here; for keys of RFC 8410 the algorithm's own.</param>
internal readonly record struct KeyIdentifier(KeyIdentifierKind Kind, string? Oid)
{
    private const string EcPublicKeyOid = "1.2.840.10045.2.1";

    public bool IsRsa => Kind is KeyIdentifierKind.Rsa or KeyIdentifierKind.RsaPss;

    /// <exception cref="AsnContentException">The parameters are not those of the algorithm.</exception>
    public static KeyIdentifier Read(AsnReader algorithm)
    {
        string oid = algorithm.ReadObjectIdentifier();
        KeyIdentifier identifier = oid switch
        {
            EcPublicKeyOid => new(KeyIdentifierKind.Ec, algorithm.HasData ? algorithm.ReadObjectIdentifier() : null),
            RsaFormat.EncryptionOid => ReadNull(algorithm),
            RsaFormat.PssOid => ReadPss(algorithm),
            _ => new(KeyIdentifierKind.Curve, oid),
        };
        algorithm.ThrowIfNotEmpty();
        return identifier;
    }

    /// <summary>The algorithm of the key; null if it is not known, not the one that is wanted, or not said.</summary>
    public KeyAlgorithm? Choose(KeyAlgorithm? wanted)
    {
        KeyAlgorithm? algorithm = Kind switch
        {
            KeyIdentifierKind.Rsa => wanted is { IsRsa: true } ? wanted : null,
            KeyIdentifierKind.RsaPss => KeyAlgorithm.RsaPssSha512,
            _ => FindFormat()?.Algorithm,
        };
        return wanted is null || algorithm == wanted ? algorithm : null;
    }

    /// <summary>Whether the key could be one of several algorithms and the caller did not say which.</summary>
    public bool IsAmbiguous(KeyAlgorithm? wanted) => Kind == KeyIdentifierKind.Rsa && wanted is null;

    private static KeyIdentifier ReadNull(AsnReader algorithm)
    {
        algorithm.ReadNull();
        return new(KeyIdentifierKind.Rsa, null);
    }

    private static KeyIdentifier ReadPss(AsnReader algorithm) =>
        !algorithm.HasData || RsaFormat.IsPssSha512(algorithm.ReadEncodedValue().Span)
            ? new(KeyIdentifierKind.RsaPss, null)
            : throw new AsnContentException();

    private KeyFormat? FindFormat()
    {
        bool isEc = Kind == KeyIdentifierKind.Ec;
        string? oid = Oid;
        return KeyFormat.All.FirstOrDefault(format => format.IsEc == isEc && format.Oid == oid);
    }
}
