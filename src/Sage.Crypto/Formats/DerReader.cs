using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace Sage.Crypto.Internal;

/// <summary>
/// Reads SPKI (RFC 5280, 5480, 8410, 4055) and PKCS#8 (RFC 5958, 5915, 8017) in DER; anything else is refused without an
/// exception. A caller may say which algorithm it wants; without that, a key that fits several is refused as ambiguous.
/// </summary>
internal static class DerReader
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    public static bool TryReadSpki(ReadOnlyMemory<byte> der, KeyAlgorithm? wanted, [NotNullWhen(true)] out PublicKey? key, out bool isAmbiguous)
    {
        key = null;
        isAmbiguous = false;
        try
        {
            AsnReader spki = ReadWhole(der);
            KeyIdentifier identifier = KeyIdentifier.Read(spki.ReadSequence());
            ReadOnlyMemory<byte> bits = ReadPublicKey(spki, Asn1Tag.PrimitiveBitString, identifier);
            spki.ThrowIfNotEmpty();
            isAmbiguous = identifier.IsAmbiguous(wanted);
            return identifier.Choose(wanted) is { } algorithm && PublicKey.TryImport(algorithm, bits.Span, out key);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Null unless the key is valid and every public key beside it is its own.</summary>
    public static PrivateKey? TryReadPkcs8(ReadOnlyMemory<byte> der, KeyAlgorithm? wanted, KeyExportPolicy exportPolicy, out bool isAmbiguous)
    {
        isAmbiguous = false;
        try
        {
            AsnReader info = ReadWhole(der);
            int version = ReadVersion(info);
            KeyIdentifier identifier = KeyIdentifier.Read(info.ReadSequence());
            ReadOnlyMemory<byte> content = ReadOctets(info);
            if (IsNext(info, Tag0))
            {
                // Attributes such as the key usage Windows writes; they do not change the key.
                info.ReadSetOf(skipSortOrderValidation: true, Tag0);
            }

            // Only version 2 (written as 1) has a public key here; in version 1 it stays unread and is refused as excess.
            ReadOnlyMemory<byte> outer = version == 1 && IsNext(info, Tag1) ? ReadPublicKey(info, Tag1, identifier) : default;
            info.ThrowIfNotEmpty();
            isAmbiguous = identifier.IsAmbiguous(wanted);

            ReadOnlyMemory<byte> inner = default;
            ReadOnlyMemory<byte> raw = identifier.Kind switch
            {
                KeyIdentifierKind.Ec => ReadEcPrivateKey(content, ref identifier, out inner),
                KeyIdentifierKind.Curve => ReadCurvePrivateKey(content),
                _ => content,
            };
            return identifier.Choose(wanted) is { } algorithm
                ? KeyPair.TryImport(algorithm, raw.Span, exportPolicy, inner.Span, outer.Span)
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // RFC 5915; the curve is named here, by the algorithm around it, or by both alike.
    private static ReadOnlyMemory<byte> ReadEcPrivateKey(ReadOnlyMemory<byte> content, ref KeyIdentifier identifier, out ReadOnlyMemory<byte> publicKey)
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
            identifier = identifier.Oid is null || identifier.Oid == curve ? identifier with { Oid = curve } : throw new AsnContentException();
        }

        publicKey = default;
        if (IsNext(ec, Tag1))
        {
            AsnReader point = ec.ReadSequence(Tag1);
            publicKey = ReadPublicKey(point, Asn1Tag.PrimitiveBitString, identifier);
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

    // The sizes are listed because PublicKey.Import also reads a bare X‖Y, which no standard puts here; RSA's are its own to check.
    private static ReadOnlyMemory<byte> ReadPublicKey(AsnReader reader, Asn1Tag tag, KeyIdentifier identifier) =>
        reader.TryReadPrimitiveBitString(out int unusedBits, out ReadOnlyMemory<byte> bits, tag)
        && unusedBits == 0
        && (identifier.IsRsa ? bits.Length > 0 : bits.Length is 32 or 33 or 65 or 49 or 97)
            ? bits
            : throw new AsnContentException();
}
