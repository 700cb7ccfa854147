namespace Sage.Hosting;

/// <summary>
/// Reads secrets from one place: a file, a vault, a key service. A setting refers to a secret as <c>scheme:reference</c>; the source
/// with that scheme is asked. Implementations must be safe from any thread and bound their time and what they read.
/// </summary>
public interface ISecretSource
{
    /// <summary>What references to this source begin with, without the colon: lower-case ASCII letters, digits and <c>-</c>.</summary>
    string Scheme { get; }

    /// <summary>Reads a secret.</summary>
    /// <param name="reference">The text behind the scheme and its colon.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The secret; the caller disposes it.</returns>
    /// <exception cref="SecretException">The secret cannot be had. The message holds nothing secret.</exception>
    ValueTask<SecretValue> ReadAsync(string reference, CancellationToken cancellationToken = default);
}
