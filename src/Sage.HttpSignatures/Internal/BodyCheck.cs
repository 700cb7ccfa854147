using Sage.HttpSignatures.SignatureBase;

namespace Sage.HttpSignatures.Internal;

/// <summary>Compares the body with the digest that was signed; nothing is read before the signature is known to be valid.</summary>
internal static class BodyCheck
{
    public static async ValueTask<SignatureError> CheckAsync(
        SignatureContext message, SignaturePolicy policy, IReadOnlyList<VerifiedSignature> verified, CancellationToken cancellationToken)
    {
        bool covered = false;
        for (int i = 0; i < verified.Count; i++)
        {
            covered |= CoversDigest(verified[i].Components);
        }

        // A body of unknown length is there if one byte of it is.
        bool mustBeEmpty = !covered && policy.RequireContentDigest && message.Body == BodyPresence.Unknown;
        if (!covered && !mustBeEmpty)
        {
            return SignatureError.None;
        }

        ReadOnlyMemory<byte>? body = ReadOnlyMemory<byte>.Empty;
        if (message.Body != BodyPresence.None)
        {
            body = await message.ReadBody!(policy.MaxBodySize, cancellationToken).ConfigureAwait(false);
        }

        if (mustBeEmpty)
        {
            return body is { Length: 0 } ? SignatureError.None : SignatureError.DigestNotCovered;
        }

        return body is { } received ? ContentDigest.Verify(message.Field(ContentDigest.LowerName), received.Span) : SignatureError.BodyTooLarge;
    }

    private static bool CoversDigest(IReadOnlyList<SignatureComponent> components)
    {
        // By index: an enumerator behind an interface would be allocated for every message.
        for (int i = 0; i < components.Count; i++)
        {
            if (CoversDigest(components[i]))
            {
                return true;
            }
        }

        return false;
    }

    // The field that is compared, in a form that covers what is compared: not that of the request, not a trailer of that name, and
    // not a member which nobody looks at, beside which any other could be put.
    private static bool CoversDigest(SignatureComponent component)
    {
        const ComponentParameters Elsewhere = ComponentParameters.Request | ComponentParameters.Trailer;
        return string.Equals(component.Name, ContentDigest.LowerName, StringComparison.Ordinal)
            && (component.Parameters & Elsewhere) == 0
            && ((component.Parameters & ComponentParameters.Key) == 0 || ContentDigest.IsKnown(component.Argument!));
    }
}
