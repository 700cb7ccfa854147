using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>A public key of a <see cref="KeyDirectory"/>, and when it may be used.</summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class DirectoryKey
{
    /// <summary>Makes an entry.</summary>
    /// <param name="publicKey">The key; its algorithm must be one that HTTP message signatures have a name for.</param>
    /// <param name="notBefore">From when on it may be used, in whole seconds, or <see langword="null"/> for always.</param>
    /// <param name="expires">From when on it may no longer be used, in whole seconds, or <see langword="null"/> for never.</param>
    /// <exception cref="ArgumentException">The key is of another algorithm, or expires before it begins.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time is before 1970.</exception>
    public DirectoryKey(PublicKey publicKey, DateTimeOffset? notBefore = null, DateTimeOffset? expires = null)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        if (DirectoryAlgorithm.Of(publicKey.Algorithm) is null)
        {
            throw new ArgumentException($"HTTP message signatures have no name for {publicKey.Algorithm.Name}.", nameof(publicKey));
        }

        PublicKey = publicKey;
        NotBefore = ToSeconds(notBefore);
        Expires = ToSeconds(expires);
        if (Expires <= NotBefore)
        {
            throw new ArgumentException("The key expires before it may be used.", nameof(expires));
        }
    }

    /// <summary>The key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The JWK thumbprint (RFC 7638), which is the key's <c>kid</c> and the <c>keyid</c> of its signatures.</summary>
    public string Thumbprint => PublicKey.Thumbprint;

    /// <summary>From when on the key may be used (<c>nbf</c>), or <see langword="null"/> for always.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>From when on the key may no longer be used (<c>exp</c>), or <see langword="null"/> for never.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Whether the key may be used at a time.</summary>
    /// <param name="time">The time.</param>
    public bool IsValidAt(DateTimeOffset time) => !(time < NotBefore) && !(time >= Expires);

    // A document has whole seconds since 1970, so an entry that was read again is the same one.
    private static DateTimeOffset? ToSeconds(DateTimeOffset? time)
    {
        if (time is not { } given)
        {
            return null;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(given, DateTimeOffset.UnixEpoch, nameof(time));
        return DateTimeOffset.FromUnixTimeSeconds(given.ToUnixTimeSeconds());
    }
}
