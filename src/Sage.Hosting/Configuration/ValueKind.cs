namespace Sage.Hosting;

/// <summary>What the text of a setting must read as.</summary>
internal enum ValueKind
{
    Text,
    Flag,
    Number,
    Duration,
    Url,
    Did,

    /// <summary>One of the names of an enumeration.</summary>
    Choice,

    /// <summary>A reference to a secret, never the secret.</summary>
    SecretReference,

    /// <summary>A URL that holds no secret, or a reference to one that does.</summary>
    UrlOrSecretReference,
}
