namespace Sage.Crypto;

/// <summary>Finds the keys behind a key identifier. Implementations must be safe from any thread.</summary>
public interface IKeyResolver
{
    /// <summary>Resolves a key identifier.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The resolution. An unknown, inactive or malformed identifier is a status; a source that cannot be reached throws,
    /// and the caller must refuse.
    /// </returns>
    ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default);
}
