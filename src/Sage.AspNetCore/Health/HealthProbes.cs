using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.AspNetCore;

/// <summary>The questions that show whether a part does its work. Each throws, or says that it does not.</summary>
internal sealed class HealthProbes(IServiceProvider services, SageHealthOptions options, TimeProvider time)
{
    // No agent's scope begins like this.
    private const string NonceScope = "sage-health";

    private static readonly byte[] Text = [.. "health of this agent"u8];

    public async Task<HealthStatus> AskRegistryAsync(CancellationToken cancellationToken)
    {
        AgentDid did = options.ProbeDid ?? OwnDid()
            ?? throw new InvalidOperationException("There is no DID to resolve: set ProbeDid of the health checks, or the DID of this agent.");
        DidResolution resolution = await services.GetRequiredService<IDidResolver>().ResolveAsync(did, cancellationToken).ConfigureAwait(false);
        bool fresh = resolution.AgeAt(time.GetUtcNow()) <= options.MaxResolutionAge;

        // The registry works if it does not know the DID, but nobody can verify this agent then.
        return fresh && resolution.Status == DidResolutionStatus.Resolved ? HealthStatus.Healthy : HealthStatus.Degraded;
    }

    public async Task<HealthStatus> AskKeysAsync(CancellationToken cancellationToken)
    {
        // Opens the key store where the keys are in one; a store that could not be opened is tried again.
        ISigner signer = services.GetRequiredService<LocalAgent>().Signer;
        byte[] signature = await signer.SignAsync(SigningPurpose.Application, Text, cancellationToken).ConfigureAwait(false);
        return signer.PublicKey.Verify(Text, signature) ? HealthStatus.Healthy : HealthStatus.Unhealthy;
    }

    public async Task<HealthStatus> AskNoncesAsync(CancellationToken cancellationToken)
    {
        NonceResult result = await services.GetRequiredService<INonceStore>()
            .TryConsumeAsync(NonceScope, RandomId(), time.GetUtcNow() + TimeSpan.FromSeconds(10), cancellationToken).ConfigureAwait(false);

        // Full refuses messages; a replay of what nobody used before would be a store that answers nonsense.
        return result == NonceResult.Accepted ? HealthStatus.Healthy : HealthStatus.Unhealthy;
    }

    public async Task<HealthStatus> AskSessionsAsync(CancellationToken cancellationToken)
    {
        StoredSession? session = await services.GetRequiredService<ISessionStore>().FindAsync(RandomId(), cancellationToken).ConfigureAwait(false);
        return session is null ? HealthStatus.Healthy : HealthStatus.Unhealthy;
    }

    private AgentDid? OwnDid() =>
        services.GetService<LocalAgent>()?.Did
        ?? (AgentDid.TryParse(services.GetService<IOptions<SageOptions>>()?.Value.Did, out AgentDid did) ? did : null);

    private static string RandomId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
