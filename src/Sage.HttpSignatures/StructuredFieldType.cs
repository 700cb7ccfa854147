namespace Sage.HttpSignatures;

/// <summary>The three types a structured field may have (RFC 9651 §3); which one is known from its name, never from its text.</summary>
public enum StructuredFieldType
{
    /// <summary>One item.</summary>
    Item,

    /// <summary>A list of items and inner lists.</summary>
    List,

    /// <summary>A dictionary of items and inner lists.</summary>
    Dictionary,
}
