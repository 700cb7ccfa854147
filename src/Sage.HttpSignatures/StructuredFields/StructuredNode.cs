namespace Sage.HttpSignatures.StructuredFields;

/// <summary>Where one value stands in the text. Nodes are in the order of the text: a value, the nodes of its inner items, then one node per parameter.</summary>
internal struct StructuredNode
{
    /// <summary>Where the key of a member or parameter begins.</summary>
    public int KeyOffset;

    /// <summary>Where the value begins, parameters excluded. A true that is only implied has length 0 and stands behind its key.</summary>
    public int Offset;

    public int Length;

    /// <summary>How many nodes the items of an inner list take.</summary>
    public int InnerNodes;

    /// <summary>At most 256, by <see cref="StructuredFieldLimits"/>.</summary>
    public ushort ParameterCount;

    /// <summary>At most 64, by <see cref="StructuredFieldLimits"/>; 0 when there is no key.</summary>
    public byte KeyLength;

    public StructuredValueKind Kind;
}
