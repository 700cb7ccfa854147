namespace Sage.HttpSignatures;

/// <summary>One signature as two fields: a member of <c>Signature-Input</c> and a member of <c>Signature</c> (RFC 9421 §4).</summary>
/// <param name="Label">The label.</param>
/// <param name="SignatureInput">The value of <c>Signature-Input</c>, its label included.</param>
/// <param name="Signature">The value of <c>Signature</c>, its label included.</param>
public sealed record SignatureFields(string Label, string SignatureInput, string Signature)
{
    /// <summary>The name of the field that says what is signed.</summary>
    public const string InputName = "Signature-Input";

    /// <summary>The name of the field that carries the signature.</summary>
    public const string SignatureName = "Signature";
}
