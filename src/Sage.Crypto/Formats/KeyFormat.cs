namespace Sage.Crypto.Internal;

/// <summary>What the key formats call each algorithm, in one table.</summary>
internal sealed class KeyFormat
{
    private KeyFormat(
        KeyAlgorithm algorithm, string type, string curve, int coordinateSize, string oid, byte[] multicodec, string spkiPrefix, string pkcs8Prefix)
    {
        Algorithm = algorithm;
        Type = type;
        Curve = curve;
        CoordinateSize = coordinateSize;
        Oid = oid;
        Multicodec = multicodec;
        SpkiPrefix = Convert.FromHexString(spkiPrefix);
        Pkcs8Prefix = Convert.FromHexString(pkcs8Prefix);
    }

    /// <summary>One entry for each algorithm but RSA, whose keys are in no curve's terms (RFC 8037, RFC 8812, RFC 8410, RFC 5480, SEC 2, the multicodec table).</summary>
    public static IReadOnlyList<KeyFormat> All { get; } =
    [
        new(KeyAlgorithm.Ed25519, "OKP", "Ed25519", 32, "1.3.101.112", [0xed, 0x01], "302a300506032b6570032100", "302e020100300506032b657004220420"),
        new(KeyAlgorithm.X25519, "OKP", "X25519", 32, "1.3.101.110", [0xec, 0x01], "302a300506032b656e032100", "302e020100300506032b656e04220420"),
        new(
            KeyAlgorithm.Secp256k1,
            "EC",
            "secp256k1",
            32,
            "1.3.132.0.10",
            [0xe7, 0x01],
            "3056301006072a8648ce3d020106052b8104000a034200",
            "308184020100301006072a8648ce3d020106052b8104000a046d306b0201010420"),
        new(
            KeyAlgorithm.P256,
            "EC",
            "P-256",
            32,
            "1.2.840.10045.3.1.7",
            [0x80, 0x24],
            "3059301306072a8648ce3d020106082a8648ce3d030107034200",
            "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"),
        new(
            KeyAlgorithm.P384,
            "EC",
            "P-384",
            48,
            "1.3.132.0.34",
            [0x81, 0x24],
            "3076301006072a8648ce3d020106052b81040022036200",
            "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430"),
    ];

    public KeyAlgorithm Algorithm { get; }

    /// <summary>The JWK key type: OKP (the 32 bytes are the key) or EC (a point).</summary>
    public string Type { get; }

    /// <summary>The JWK curve.</summary>
    public string Curve { get; }

    /// <summary>Length of one coordinate, and for EC keys of the scalar, in bytes.</summary>
    public int CoordinateSize { get; }

    /// <summary>The X.509 identifier: of the algorithm for OKP keys, of the named curve for EC keys.</summary>
    public string Oid { get; }

    /// <summary>The unsigned varint of the multicodec.</summary>
    public byte[] Multicodec { get; }

    /// <summary>Everything of the SPKI before the public key. All lengths are fixed, so the rest is the key itself.</summary>
    public byte[] SpkiPrefix { get; }

    /// <summary>Everything of the PKCS#8 before the private key, for the same reason.</summary>
    public byte[] Pkcs8Prefix { get; }

    public bool IsEc => Type == "EC";

    public static KeyFormat Of(KeyAlgorithm algorithm) => All.First(format => format.Algorithm == algorithm);
}
