using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;

namespace Sage.Cli;

/// <summary><c>jcs.json</c>: canonical JSON (RFC 8785).</summary>
internal static class JcsVectors
{
    public static VectorSuite Suite { get; } = new("jcs", new Dictionary<string, Action<VectorCase>>
    {
        ["rfc8785-appendix-a"] = Check,
        ["rfc8785-unicode-sorting"] = Check,
        ["agent-card-like"] = Check,
        ["numbers"] = Check,
    });

    private static void Check(VectorCase vector)
    {
        bool accepted = JsonCanonicalizer.TryCanonicalize(Encoding.UTF8.GetBytes(vector.Input.Text("json")), out byte[]? canonical);
        VectorCase.Require(accepted, "input.json is not JSON that can be canonicalised");
        vector.Output.Expect("canonical", Encoding.UTF8.GetString(canonical!));
        vector.Output.Expect("canonical_hex", canonical);
        vector.Output.Expect("sha256", SHA256.HashData(canonical!));
    }
}
