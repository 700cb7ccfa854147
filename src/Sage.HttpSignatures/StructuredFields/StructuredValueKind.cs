namespace Sage.HttpSignatures.StructuredFields;

/// <summary>What a value is (RFC 9651 §3).</summary>
internal enum StructuredValueKind : byte
{
    InnerList,
    Integer,
    Decimal,
    String,
    Token,
    ByteSequence,
    Boolean,
    Date,
    DisplayString,
}
