namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The three types a field may have; which one is known from its name, never from its text.</summary>
internal enum StructuredFieldType
{
    Item,
    List,
    Dictionary,
}
