using Sage.HttpSignatures;

namespace Sage.AspNetCore;

/// <summary>That the responses of an endpoint are signed; the last one of an endpoint counts.</summary>
internal sealed record HttpResponseSigningMetadata(SignaturePolicy? Policy);
