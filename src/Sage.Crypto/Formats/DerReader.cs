using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace Sage.Crypto.Internal;

/// <summary>Reads SPKI (RFC 5280, 5480, 8410) and PKCS#8 (RFC 5958, 5915) in DER; anything else is refused without an exception.</summary>
internal static class DerReader
{
    private const string EcPublicKeyOid = "1.2.840.10045.2.1";

    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    public static bool TryReadSpki(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        try
        {
            AsnReader spki = ReadWhole(der);
            (bool isEc, string? oid) = ReadAlgorithm(spki.ReadSequence());
            ReadOnlyMemory<byte> bits = ReadPublicKey(spki, Asn1Tag.PrimitiveBitString);
            spki.ThrowIfNotEmpty();
            return Find(isEc, oid) is { } format && PublicKey.TryImport(format.Algorithm, bits.Span, out key);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Null unless the key is valid and every public key beside it is its own.</summary>
    public static PrivateKey? TryReadPkcs8(ReadOnlyMemory<byte> der, KeyExportPolicy exportPolicy)
    {
        try
        {
            AsnReader info = ReadWhole(der);
            int version = ReadVersion(info);
            (bool isEc, string? oid) = ReadAlgorithm(info.ReadSequence());
            ReadOnlyMemory<byte> content = ReadOctets(info);
            if (IsNext(info, Tag0))
            {
                // Attributes such as the key usage Windows writes; they do not change the key.
                info.ReadSetOf(skipSortOrderValidation: true, Tag0);
            }

            // Only version 2 (written as 1) has a public key here; in version 1 it stays unread and is refused as excess.
            ReadOnlyMemory<byte> outer = version == 1 && IsNext(info, Tag1) ? ReadPublicKey(info, Tag1) : default;
            info.ThrowIfNotEmpty();

            ReadOnlyMemory<byte> inner = default;
            ReadOnlyMemory<byte> raw = isEc ? ReadEcPrivateKey(content, ref oid, out inner) : ReadCurvePrivateKey(content);
            return Find(isEc, oid) is { } format ? KeyPair.TryImport(format.Algorithm, raw.Span, exportPolicy, inner.Span, outer.Span) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // RFC 5915; the curve is named here, by the algorithm around it, or by both alike.
    private static ReadOnlyMemory<byte> ReadEcPrivateKey(ReadOnlyMemory<byte> content, ref string? oid, out ReadOnlyMemory<byte> publicKey)
    {
        AsnReader ec = ReadWhole(content);
        if (ReadVersion(ec) != 1)
        {
            throw new AsnContentException();
        }

        ReadOnlyMemory<byte> raw = ReadOctets(ec);
        if (IsNext(ec, Tag0))
        {
            AsnReader parameters = ec.ReadSequence(Tag0);
            string curve = parameters.ReadObjectIdentifier();
            parameters.ThrowIfNotEmpty();
            oid = oid is null || oid == curve ? curve : throw new AsnContentException();
        }

        publicKey = default;
        if (IsNext(ec, Tag1))
        {
            AsnReader point = ec.ReadSequence(Tag1);
            publicKey = ReadPublicKey(point, Asn1Tag.PrimitiveBitString);
            point.ThrowIfNotEmpty();
        }

        ec.ThrowIfNotEmpty();
        return raw;
    }

    // RFC 8410 §7: an octet string within the octet string.
    private static ReadOnlyMemory<byte> ReadCurvePrivateKey(ReadOnlyMemory<byte> content)
    {
        AsnReader reader = new(content, AsnEncodingRules.DER);
        ReadOnlyMemory<byte> raw = ReadOctets(reader);
        reader.ThrowIfNotEmpty();
        return raw;
    }

    // The identifier is the curve's for EC keys (null if it is not named here), else the algorithm's own.
    private static (bool IsEc, string? Oid) ReadAlgorithm(AsnReader algorithm)
    {
        string oid = algorithm.ReadObjectIdentifier();
        bool isEc = oid == EcPublicKeyOid;
        string? named = isEc ? (algorithm.HasData ? algorithm.ReadObjectIdentifier() : null) : oid;
        algorithm.ThrowIfNotEmpty();
        return (isEc, named);
    }

    private static KeyFormat? Find(bool isEc, string? oid) => KeyFormat.All.FirstOrDefault(format => format.IsEc == isEc && format.Oid == oid);

    private static AsnReader ReadWhole(ReadOnlyMemory<byte> der)
    {
        AsnReader reader = new(der, AsnEncodingRules.DER);
        AsnReader sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        return sequence;
    }

    private static bool IsNext(AsnReader reader, Asn1Tag tag) => reader.HasData && reader.PeekTag().HasSameClassAndValue(tag);

    private static int ReadVersion(AsnReader reader) =>
        reader.TryReadInt32(out int version) && version is 0 or 1 ? version : throw new AsnContentException();

    private static ReadOnlyMemory<byte> ReadOctets(AsnReader reader) =>
        reader.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> octets) ? octets : throw new AsnContentException();

    // The sizes are listed because PublicKey.Import also reads a bare X‖Y, which no standard puts here.
    private static ReadOnlyMemory<byte> ReadPublicKey(AsnReader reader, Asn1Tag tag) =>
        reader.TryReadPrimitiveBitString(out int unusedBits, out ReadOnlyMemory<byte> bits, tag)
        && unusedBits == 0
        && bits.Length is Coordinates.Size or Coordinates.CompressedSize or Coordinates.UncompressedSize
            ? bits
            : throw new AsnContentException();
}
