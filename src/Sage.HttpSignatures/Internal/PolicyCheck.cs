using System.Globalization;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>The rules of a policy that need no key: coverage, times, nonce, audience (before any cryptography).</summary>
internal static class PolicyCheck
{
    private static readonly SignatureComponent ContentType = SignatureComponent.Field("content-type");
    private static readonly SignatureComponent Digest = SignatureComponent.Field(ContentDigest.LowerName);
    private static readonly SignatureComponent RequestDigest = Digest.FromRequest();
    private static readonly SignatureComponent RequestSignature = SignatureComponent.Field("signature").FromRequest();

    public static SignatureError Check(
        SignaturePolicy policy,
        SignatureContext message,
        ReadOnlySpan<SignatureComponent> covered,
        in SignatureParameters parameters,
        DateTimeOffset now,
        out string? detail)
    {
        SignatureError error = CheckTimes(policy, parameters, now, out detail);
        return error == SignatureError.None ? CheckCoverage(policy, message, covered, parameters, out detail) : error;
    }

    /// <summary>What is covered, and that a request has its nonce and is for us.</summary>
    public static SignatureError CheckCoverage(
        SignaturePolicy policy, SignatureContext message, ReadOnlySpan<SignatureComponent> covered, in SignatureParameters parameters, out string? detail)
    {
        SignatureError error = message.IsResponse
            ? CheckResponseCoverage(policy, message, covered, out detail)
            : CheckRequest(policy, message, covered, parameters, out detail);
        return error == SignatureError.None ? CheckBody(policy, message, covered, out detail) : error;
    }

    public static SignatureError CheckTimes(SignaturePolicy policy, in SignatureParameters parameters, DateTimeOffset now, out string? detail)
    {
        detail = null;
        if (parameters.Created is not { } createdSeconds)
        {
            if (policy.RequireCreated)
            {
                return SignatureError.CreatedMissing;
            }
        }
        else
        {
            TimeSpan age = now - DateTimeOffset.FromUnixTimeSeconds(createdSeconds);
            if (age < -policy.MaxClockSkew)
            {
                detail = Seconds("created is {0} s ahead, {1} s are allowed", -age, policy.MaxClockSkew);
                return SignatureError.CreatedInFuture;
            }

            if (policy.MaxAge > TimeSpan.Zero && age > policy.MaxAge)
            {
                detail = Seconds("created is {0} s ago, {1} s are allowed", age, policy.MaxAge);
                return SignatureError.TooOld;
            }
        }

        return CheckExpires(policy, parameters, now, out detail);
    }

    private static SignatureError CheckExpires(SignaturePolicy policy, in SignatureParameters parameters, DateTimeOffset now, out string? detail)
    {
        detail = null;
        if (parameters.Expires is not { } expiresSeconds)
        {
            return policy.RequireExpires ? SignatureError.ExpiresMissing : SignatureError.None;
        }

        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds(expiresSeconds);
        if (now > expires)
        {
            detail = Seconds("expires was {0} s ago", now - expires, default);
            return SignatureError.Expired;
        }

        if (policy.MaxLifetime is { } greatest && parameters.Created is { } created && TimeSpan.FromSeconds(expiresSeconds - created) > greatest)
        {
            detail = Seconds("it counts for {0} s, {1} s are allowed", TimeSpan.FromSeconds(expiresSeconds - created), greatest);
            return SignatureError.LifetimeTooLong;
        }

        return SignatureError.None;
    }

    private static SignatureError CheckRequest(
        SignaturePolicy policy, SignatureContext message, ReadOnlySpan<SignatureComponent> covered, in SignatureParameters parameters, out string? detail)
    {
        detail = null;
        if (string.IsNullOrEmpty(parameters.Nonce) && (policy.RequireNonce || parameters.Nonce is not null))
        {
            return SignatureError.NonceMissing;
        }

        IReadOnlyList<SignatureComponent> components = policy.RequestComponents;
        for (int i = 0; i < components.Count; i++)
        {
            SignatureComponent required = components[i];
            if (!covered.Contains(required) && !IsImplied(policy, required, covered))
            {
                detail = required.Identifier;
                return SignatureError.ComponentNotCovered;
            }
        }

        return CheckAudience(policy, message, covered, out detail);
    }

    private static bool IsImplied(SignaturePolicy policy, SignatureComponent required, ReadOnlySpan<SignatureComponent> covered) =>
        policy.TargetUriCoversAuthority && required.Equals(SignatureComponent.Authority) && covered.Contains(SignatureComponent.TargetUri);

    private static SignatureError CheckAudience(SignaturePolicy policy, SignatureContext message, ReadOnlySpan<SignatureComponent> covered, out string? detail)
    {
        detail = null;
        if (policy.Audiences.Count == 0)
        {
            return SignatureError.None;
        }

        if (!covered.Contains(SignatureComponent.Authority) && !covered.Contains(SignatureComponent.TargetUri))
        {
            detail = SignatureComponent.Authority.Identifier;
            return SignatureError.ComponentNotCovered;
        }

        foreach (string audience in policy.Audiences)
        {
            if (string.Equals(MessageTarget.NormalizeAuthority(audience, message.Scheme), message.Authority, StringComparison.Ordinal))
            {
                return SignatureError.None;
            }
        }

        return SignatureError.WrongAudience;
    }

    private static SignatureError CheckResponseCoverage(
        SignaturePolicy policy, SignatureContext message, ReadOnlySpan<SignatureComponent> covered, out string? detail)
    {
        detail = null;
        IReadOnlyList<SignatureComponent> components = policy.ResponseComponents;
        for (int i = 0; i < components.Count; i++)
        {
            SignatureComponent required = components[i];
            if (!covered.Contains(required))
            {
                detail = required.Identifier;
                return SignatureError.ComponentNotCovered;
            }
        }

        if (message.Request is not { } request)
        {
            return SignatureError.None;
        }

        if (policy.RequireRequestSignature && request.Field("signature").Count > 0 && !covered.Contains(RequestSignature))
        {
            detail = RequestSignature.Identifier;
            return SignatureError.ComponentNotCovered;
        }

        if (policy.RequireContentDigest && request.Body == BodyPresence.Present && !covered.Contains(RequestDigest))
        {
            detail = RequestDigest.Identifier;
            return SignatureError.DigestNotCovered;
        }

        return SignatureError.None;
    }

    private static SignatureError CheckBody(SignaturePolicy policy, SignatureContext message, ReadOnlySpan<SignatureComponent> covered, out string? detail)
    {
        detail = null;
        if (policy.RequireContentType && message.Field("content-type") is { Count: > 0 } && !covered.Contains(ContentType))
        {
            detail = ContentType.Identifier;
            return SignatureError.ComponentNotCovered;
        }

        return policy.RequireContentDigest && message.Body == BodyPresence.Present && !covered.Contains(Digest)
            ? SignatureError.DigestNotCovered
            : SignatureError.None;
    }

    private static string Seconds(string format, TimeSpan first, TimeSpan second) =>
        string.Format(CultureInfo.InvariantCulture, format, (long)first.TotalSeconds, (long)second.TotalSeconds);
}
