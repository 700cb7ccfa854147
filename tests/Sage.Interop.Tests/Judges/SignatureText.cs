namespace Sage.Interop.Tests.Judges;

/// <summary>The values of the two fields of a signed message.</summary>
internal sealed record SignatureText(string Input, string Signature);
