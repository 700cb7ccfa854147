namespace Sage.HttpSignatures;

/// <summary>Which of a message's signatures must verify, of those that have the label, tag and key a policy asks for.</summary>
public enum SignatureMatch
{
    /// <summary>One of them; those that do not verify are as if they were not there.</summary>
    Any,

    /// <summary>All of them.</summary>
    All,

    /// <summary>The one whose label is the lexicographically first.</summary>
    First,
}
