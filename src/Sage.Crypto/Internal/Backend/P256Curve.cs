using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;

namespace Sage.Crypto.Internal.Backend;

/// <summary>BouncyCastle's P-256, for the operations the base class library lacks.</summary>
internal static class P256Curve
{
    public static X9ECParameters Value { get; } = CustomNamedCurves.GetByName("secp256r1");
}
