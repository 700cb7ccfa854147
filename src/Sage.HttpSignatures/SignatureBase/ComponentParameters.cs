namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The parameters a component identifier may carry (RFC 9421 §2.1, §2.2.8, §2.4).</summary>
[Flags]
internal enum ComponentParameters
{
    None = 0,
    StructuredField = 1,
    Key = 2,
    ByteSequence = 4,
    Request = 8,
    Trailer = 16,
    Name = 32,
}
