namespace Sage.HttpSignatures.Internal;

/// <summary>The field by which SAGE profile P1 names the agent that signed (§3.3).</summary>
internal static class SageFields
{
    public const string Did = "X-SAGE-DID";
    public const string LowerDid = "x-sage-did";

    /// <summary>The DID of a key id: what stands before the first number sign.</summary>
    public static ReadOnlySpan<char> DidOf(string keyId)
    {
        int fragment = keyId.IndexOf('#');
        return fragment < 0 ? keyId : keyId.AsSpan(0, fragment);
    }
}
