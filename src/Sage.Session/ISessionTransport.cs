namespace Sage.Session;

/// <summary>Carries an envelope to an agent and brings its answer back. Implementations must be safe from any thread.</summary>
public interface ISessionTransport
{
    /// <summary>Sends one envelope and waits for its answer.</summary>
    /// <param name="baseUrl">The base URL of the agent; its path is kept.</param>
    /// <param name="message">The envelope.</param>
    /// <param name="cancellationToken">Cancels the exchange; the caller sets the time limit through it.</param>
    /// <returns>The answer, well formed and for this message, whether the peer accepted or refused.</returns>
    /// <exception cref="SessionException">
    /// <see cref="SessionError.Unreachable"/>, <see cref="SessionError.EndpointRefused"/> or <see cref="SessionError.InvalidResponse"/>.
    /// </exception>
    ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default);
}
