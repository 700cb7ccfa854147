namespace Sage.HttpSignatures.StructuredFields;

/// <summary>Where one value stands in the text. Nodes are in the order of the text: a value, the nodes of its inner items, then one node per parameter.</summary>
internal struct StructuredNode
{
    /// <summary>Where the key of a member or parameter begins; <see cref="KeyLength"/> is 0 when there is none.</summary>
    public int KeyOffset;

    public int KeyLength;

    /// <summary>Where the value begins, parameters excluded. A true that is only implied has length 0 and stands behind its key.</summary>
    public int Offset;

    public int Length;

    /// <summary>How many nodes the items of an inner list take.</summary>
    public int InnerNodes;

    public int ParameterCount;

    public StructuredValueKind Kind;
}
