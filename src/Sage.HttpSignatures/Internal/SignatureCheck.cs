using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>Checks one signature: its components, the policy, the key, and the signature itself.</summary>
internal sealed class SignatureCheck(SignerKeys keys, IReadOnlyDictionary<string, HmacKey> sharedKeys)
{
    // RSA with 8192 bits.
    public const int LongestSignature = 1024;

    public async ValueTask<CheckedSignature> CheckAsync(
        SignatureContext message, SignaturePolicy policy, ReceivedSignature received, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SignatureError error = received.ReadComponents(out SignatureComponent[] components);
        string? detail = null;
        if (error == SignatureError.None)
        {
            error = PolicyCheck.Check(policy, message, components, received.Parameters, now, out detail);
        }

        if (error == SignatureError.None)
        {
            error = NestedSignatures.Check(policy, received.Inputs, components, out detail);
        }

        if (error == SignatureError.None)
        {
            error = CheckKeyId(policy, message, received.Parameters);
        }

        if (error != SignatureError.None)
        {
            return new CheckedSignature(error, detail, null);
        }

        string keyId = received.Parameters.KeyId!;
        if (policy.AllowHmac && sharedKeys.TryGetValue(keyId, out HmacKey? secret))
        {
            error = Verify(message, policy, received, components, secret);
            return error == SignatureError.None
                ? new CheckedSignature(SignatureError.None, null, Describe(received, keyId, null, SignatureAlgorithm.Hmac, components))
                : new CheckedSignature(error, null, null);
        }

        (error, KeyResolution? resolution) = await keys.FindAsync(message, policy, keyId, components, now, cancellationToken).ConfigureAwait(false);
        if (error != SignatureError.None)
        {
            return new CheckedSignature(error, null, null);
        }

        error = Verify(message, policy, received, components, resolution!.Keys, out PublicKey? key);
        return key is null
            ? new CheckedSignature(error, null, null)
            : new CheckedSignature(SignatureError.None, null, Describe(received, resolution.Subject ?? keyId, key, SignatureAlgorithm.NameOf(key.Algorithm)!, components));
    }

    public static SignatureError CheckKeyId(SignaturePolicy policy, SignatureContext message, in SignatureParameters parameters)
    {
        if (string.IsNullOrEmpty(parameters.KeyId))
        {
            return SignatureError.KeyIdMissing;
        }

        if (!policy.RequireSageDid)
        {
            return SignatureError.None;
        }

        StringValues claimed = message.Field(SageFields.LowerDid);
        return claimed.Count == 0 || (claimed.Count == 1 && FieldLine.Trim(claimed[0]).Equals(SageFields.DidOf(parameters.KeyId), StringComparison.Ordinal))
            ? SignatureError.None
            : SignatureError.WrongAgent;
    }

    private static SignatureError Verify(
        SignatureContext message,
        SignaturePolicy policy,
        in ReceivedSignature received,
        SignatureComponent[] components,
        IReadOnlyList<PublicKey> candidates,
        out PublicKey? key)
    {
        key = null;
        Span<byte> signature = stackalloc byte[LongestSignature];
        if (!received.TryGetSignature(signature, out int length))
        {
            return SignatureError.BadSignature;
        }

        SignatureBaseWriter writer = default;
        try
        {
            SignatureBaseBuilder.Write(components, received.ReceivedText, message, policy, ref writer);
            if (writer.Error != SignatureError.None)
            {
                return writer.Error;
            }

            // The reason that is told is the one of the candidate that came furthest.
            SignatureError error = SignatureError.KeyNotUsable;
            for (int i = 0; i < candidates.Count; i++)
            {
                PublicKey candidate = candidates[i];
                SignatureError fit = Fits(policy, candidate, received.Parameters.Algorithm);
                if (fit == SignatureError.None && candidate.Verify(writer.Written.Span, signature[..length]))
                {
                    key = candidate;
                    return SignatureError.None;
                }

                error = fit == SignatureError.None ? SignatureError.BadSignature : error == SignatureError.BadSignature ? error : fit;
            }

            return error;
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static SignatureError Verify(
        SignatureContext message, SignaturePolicy policy, in ReceivedSignature received, SignatureComponent[] components, HmacKey secret)
    {
        if (received.Parameters.Algorithm is not (null or SignatureAlgorithm.Hmac))
        {
            return SignatureError.AlgorithmMismatch;
        }

        Span<byte> mac = stackalloc byte[HmacKey.SignatureSize];
        SignatureBaseWriter writer = default;
        try
        {
            SignatureBaseBuilder.Write(components, received.ReceivedText, message, policy, ref writer);
            return writer.Error != SignatureError.None ? writer.Error
                : received.TryGetSignature(mac, out int length) && secret.Verify(writer.Written.Span, mac[..length]) ? SignatureError.None
                : SignatureError.BadSignature;
        }
        finally
        {
            writer.Dispose();
        }
    }

    // The algorithm is the key's. What the message says of it can only be wrong, never choose.
    public static SignatureError Fits(SignaturePolicy policy, PublicKey key, string? algorithm)
    {
        if (!key.Algorithm.CanSign || !policy.Algorithms.Contains(key.Algorithm))
        {
            return SignatureError.AlgorithmNotAllowed;
        }

        return algorithm is null || string.Equals(algorithm, SignatureAlgorithm.NameOf(key.Algorithm), StringComparison.Ordinal)
            ? SignatureError.None
            : SignatureError.AlgorithmMismatch;
    }

    private static VerifiedSignature Describe(
        in ReceivedSignature received, string subject, PublicKey? key, string algorithm, SignatureComponent[] components) =>
        new(received.Label, subject, received.Parameters.KeyId ?? "", key, algorithm, components)
        {
            CreatedSeconds = received.Parameters.Created,
            ExpiresSeconds = received.Parameters.Expires,
            Nonce = received.Parameters.Nonce,
            Tag = received.Parameters.Tag,
        };
}
