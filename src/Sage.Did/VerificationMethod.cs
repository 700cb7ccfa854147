using Sage.Crypto;

namespace Sage.Did;

/// <summary>A key in a DID document.</summary>
/// <param name="Fragment">The name of the key: its id is the DID of the document, <c>#</c> and this.</param>
/// <param name="PublicKey">The key, checked.</param>
public sealed record VerificationMethod(string Fragment, PublicKey PublicKey);
