using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>A captured message: its bytes, and what signatures draw from it.</summary>
internal sealed record CapturedMessage(RawHttpMessage Raw, SignatureContext Context);
