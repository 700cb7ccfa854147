namespace Sage.HttpSignatures;

/// <summary>What the URL of a <see cref="SignatureAgent"/> leads to: the <c>type</c> parameter. The set is closed; a member of another type is ignored.</summary>
public enum SignatureAgentType
{
    /// <summary>An origin whose well-known path holds a key directory (<c>directory</c>, which is also meant when there is no parameter).</summary>
    Directory,

    /// <summary>A JSON Web Key Set (<c>jwks_uri</c>, RFC 7517 §5).</summary>
    JwksUri,

    /// <summary>A client id metadata document that holds a key set or names one (<c>cimd</c>).</summary>
    Cimd,
}
