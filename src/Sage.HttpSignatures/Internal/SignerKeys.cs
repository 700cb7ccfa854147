using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>Finds the keys of whoever signed: by the key id alone, or for Web Bot Auth in the directory that the signature itself covers.</summary>
internal sealed class SignerKeys(IKeyResolver keys, KeyDirectoryClient? directories, ILogger logger)
{
    private const string AgentField = "signature-agent";

    public void RequireSource(SignaturePolicy policy)
    {
        if (policy.KeysFromSignatureAgent && directories is null)
        {
            throw new InvalidOperationException(
                $"The policy '{policy.Name}' takes keys from the directories of signers, and this verifier has no KeyDirectoryClient: set HttpMessageVerifierOptions.KeyDirectories.");
        }
    }

    public async ValueTask<(SignatureError Error, KeyResolution? Resolution)> FindAsync(
        SignatureContext message, SignaturePolicy policy, string keyId, SignatureComponent[] components, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            if (policy.KeysFromSignatureAgent)
            {
                SignatureAgent? agent = CoveredAgent(message, components);
                return agent is null
                    ? (SignatureError.SignatureAgentMissing, null)
                    : Read(policy, agent, await directories!.FindKeyAsync(agent, keyId, cancellationToken).ConfigureAwait(false), now);
            }

            KeyResolution resolution = await keys.ResolveAsync(new KeyQuery(keyId), cancellationToken).ConfigureAwait(false);
            return (Check(policy, resolution, now), resolution);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.KeySourceFailed(logger, exception);
            return (SignatureError.KeySourceUnavailable, null);
        }
    }

    // The member that a component names, or the whole field in its legacy form. A dictionary covered as a whole names no member.
    private SignatureAgent? CoveredAgent(SignatureContext message, SignatureComponent[] components)
    {
        SignatureComponent? covered = Array.Find(
            components, component => component.Name == AgentField && (component.Parameters & ~ComponentParameters.Key) == ComponentParameters.None);
        StringValues lines = message.Field(AgentField);
        if (covered is null || !SignatureAgent.TryParse(lines.ToArray(), directories!.Endpoints, out IReadOnlyList<SignatureAgent> agents))
        {
            return null;
        }

        string label = covered.Argument ?? "";
        return agents.FirstOrDefault(agent => agent.Label == label);
    }

    private static (SignatureError Error, KeyResolution? Resolution) Read(SignaturePolicy policy, SignatureAgent agent, KeyDirectoryLookup lookup, DateTimeOffset now)
    {
        if (lookup.Key is not { } key)
        {
            return (lookup.Status switch
            {
                KeyDirectoryStatus.KeyNotFound => SignatureError.KeyNotFound,
                KeyDirectoryStatus.Refused => SignatureError.SignatureAgentMissing,
                _ => SignatureError.KeySourceUnavailable,
            }, null);
        }

        KeyResolution resolution = new()
        {
            Status = KeyResolutionStatus.Resolved,
            Subject = agent.Identifier,
            Keys = [key.PublicKey],
            Source = "directory",
            ObservedAt = lookup.ObservedAt,
        };
        return (Check(policy, resolution, now), resolution);
    }

    private static SignatureError Check(SignaturePolicy policy, KeyResolution resolution, DateTimeOffset now) => resolution.Status switch
    {
        KeyResolutionStatus.Resolved => now - resolution.ObservedAt > policy.MaxKeyAge ? SignatureError.KeyTooOld : SignatureError.None,
        KeyResolutionStatus.Deactivated => SignatureError.SignerDeactivated,
        KeyResolutionStatus.NoUsableKey => SignatureError.KeyNotUsable,
        _ => SignatureError.KeyNotFound,
    };
}
