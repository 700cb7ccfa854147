namespace Sage.Crypto.Tests.Unit.Formats;

/// <summary>Builds DER by hand, in hex, so that a test case differs from a good key in one thing only.</summary>
internal static class Der
{
    public const string EcPublicKey = "06072a8648ce3d0201";
    public const string P256 = "06082a8648ce3d030107";
    public const string Secp256k1 = "06052b8104000a";
    public const string Ed25519 = "06032b6570";
    public const string X25519 = "06032b656e";
    public const string X448 = "06032b656f";
    public const string Null = "0500";
    public const string Version1 = "020100";
    public const string Version2 = "020101";
    public const string Version3 = "020102";

    public static string Sequence(params string[] content) => Element("30", content);

    public static string Octets(params string[] content) => Element("04", content);

    public static string Bits(string content) => Element("03", "00", content);

    public static string Element(string tag, params string[] content)
    {
        string joined = string.Concat(content);
        int length = joined.Length / 2;
        return tag + (length < 128 ? $"{length:x2}" : $"81{length:x2}") + joined;
    }
}
