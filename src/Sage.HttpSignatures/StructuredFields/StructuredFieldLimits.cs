namespace Sage.HttpSignatures.StructuredFields;

/// <summary>How much of a field is read before it is refused. Nesting needs no limit: the grammar has two levels.</summary>
/// <param name="FieldLength">Characters of all lines joined.</param>
/// <param name="Members">Members of a list or dictionary, counting those that a later one overwrites.</param>
/// <param name="InnerListItems">Items of one inner list.</param>
/// <param name="Parameters">Parameters of one item or inner list, counting those that a later one overwrites.</param>
/// <param name="KeyLength">Characters of a key.</param>
/// <param name="StringLength">Characters of a string or display string between its quotes, as received.</param>
/// <param name="TokenLength">Characters of a token.</param>
/// <param name="ByteSequenceLength">Characters of a byte sequence between its colons (base64).</param>
internal sealed record StructuredFieldLimits(
    int FieldLength, int Members, int InnerListItems, int Parameters, int KeyLength, int StringLength, int TokenLength, int ByteSequenceLength)
{
    /// <summary>For the fields that signatures are made of: Signature-Input, Signature, Content-Digest and their like.</summary>
    public static StructuredFieldLimits Default { get; } = new(
        FieldLength: 16 * 1024, Members: 64, InnerListItems: 64, Parameters: 32, KeyLength: 64, StringLength: 2 * 1024, TokenLength: 512, ByteSequenceLength: 8 * 1024);

    /// <summary>For fields of applications: no less than RFC 9651 asks of every parser.</summary>
    public static StructuredFieldLimits Standard { get; } = new(
        FieldLength: 64 * 1024, Members: 1024, InnerListItems: 256, Parameters: 256, KeyLength: 64, StringLength: 8 * 1024, TokenLength: 1024, ByteSequenceLength: 32 * 1024);
}
