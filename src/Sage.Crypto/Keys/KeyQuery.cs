namespace Sage.Crypto;

/// <summary>Asks an <see cref="IKeyResolver"/> for the keys that a key identifier names.</summary>
/// <param name="KeyId">
/// The identifier as received, at most 512 bytes: a DID, or a DID URL whose fragment names one key.
/// </param>
/// <param name="Use">What the key will be used for.</param>
public sealed record KeyQuery(string KeyId, KeyUse Use = KeyUse.Signature);
