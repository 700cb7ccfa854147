namespace Sage.Did.Ethereum;

/// <summary>A block named by how settled it is. A chain that lacks a tag answers with an error; there is no silent fallback to a less settled one.</summary>
public enum BlockTag
{
    /// <summary>The newest block the node knows; a reorganisation may take it away.</summary>
    Latest,

    /// <summary>The newest block that honest attesters will not take away, under the assumptions of the consensus.</summary>
    Safe,

    /// <summary>The newest block that cannot be taken away without burning a third of the stake.</summary>
    Finalized,
}
