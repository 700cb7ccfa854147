namespace Sage.Did;

/// <summary>
/// A place where agent records are kept. Every write is a whole record that carries the owner's authorisation; the registry
/// checks it and keeps nothing of a write it refuses. Implementations must be safe from any thread.
/// </summary>
public interface IAgentRegistry : IDidResolver
{
    /// <summary>Reads the record of a DID, whatever its keys and proofs are worth.</summary>
    /// <param name="did">The DID.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The record, or <see langword="null"/> if there is none.</returns>
    /// <exception cref="DidResolutionException">The registry cannot be reached or read.</exception>
    ValueTask<AgentRecord?> GetAsync(AgentDid did, CancellationToken cancellationToken = default);

    /// <summary>Writes the next version of a record.</summary>
    /// <param name="record">The record with its <see cref="AgentRecord.OwnerProof"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Only <see cref="RegistryWriteResult.Written"/> means that something changed.</returns>
    /// <exception cref="DidResolutionException">The registry cannot be reached, read or written.</exception>
    ValueTask<RegistryWriteResult> WriteAsync(AgentRecord record, CancellationToken cancellationToken = default);
}
