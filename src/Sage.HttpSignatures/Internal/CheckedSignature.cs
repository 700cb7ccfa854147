namespace Sage.HttpSignatures.Internal;

/// <summary>What became of one signature.</summary>
internal readonly record struct CheckedSignature(SignatureError Error, string? Detail, VerifiedSignature? Signature);
