using Microsoft.Extensions.Logging;
using Sage.Crypto;

namespace Sage.HttpSignatures.Internal;

/// <summary>Uses up the nonces of signatures that are valid.</summary>
internal sealed class NonceCheck(INonceStore? store, string verifier, ILogger logger)
{
    // For a signature without any time a policy allows it; replays are refused for a day.
    private static readonly TimeSpan Untimed = TimeSpan.FromDays(1);

    public void RequireStore(SignaturePolicy policy)
    {
        if (store is null)
        {
            throw new InvalidOperationException(
                $"The policy '{policy.Name}' requires nonces, and this verifier has no INonceStore to remember them: give it one, or set RequireNonce to false.");
        }
    }

    public async ValueTask<SignatureError> ConsumeAsync(
        SignaturePolicy policy, IReadOnlyList<VerifiedSignature> verified, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return SignatureError.None;
        }

        for (int i = 0; i < verified.Count; i++)
        {
            VerifiedSignature signature = verified[i];
            if (signature.Nonce is null)
            {
                continue;
            }

            NonceResult result;
            try
            {
                result = await store.TryConsumeAsync(Scope(signature), signature.Nonce, Until(policy, signature, now), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Log.NonceStoreFailed(logger, exception);
                return SignatureError.NonceStoreUnavailable;
            }

            if (result != NonceResult.Accepted)
            {
                return result == NonceResult.Replayed ? SignatureError.Replayed : SignatureError.NonceStoreFull;
            }
        }

        return SignatureError.None;
    }

    // Never the raw keyid: one key may be named in several ways, and a nonce must count once for all of them.
    private string Scope(VerifiedSignature signature) => $"{verifier}|{signature.Subject}|{signature.Key?.Thumbprint ?? signature.KeyId}";

    /// <summary>Until the message itself is refused as too old, and the clocks' difference beyond.</summary>
    private static DateTimeOffset Until(SignaturePolicy policy, VerifiedSignature signature, DateTimeOffset now)
    {
        DateTimeOffset? oldest = policy.MaxAge > TimeSpan.Zero && signature.Created is { } created ? Later(created, policy.MaxAge) : null;
        DateTimeOffset last = (oldest, signature.Expires) switch
        {
            ({ } age, { } expires) => age < expires ? age : expires,
            ({ } age, null) => age,
            (null, { } expires) => expires,
            _ => Later(now, Untimed),
        };
        return Later(last, policy.MaxClockSkew);
    }

    // A policy may allow any age there is.
    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan span) => span < DateTimeOffset.MaxValue - time ? time + span : DateTimeOffset.MaxValue;
}
