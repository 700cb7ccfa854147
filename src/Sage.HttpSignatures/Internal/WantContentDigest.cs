using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Internal;

/// <summary>The <c>Want-Content-Digest</c> field (RFC 9530 §4): which digest one side would like. Stateless and safe to use from any thread.</summary>
internal static class WantContentDigest
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "Want-Content-Digest";

    /// <summary>Reads the algorithm that is liked best of those we make.</summary>
    /// <param name="lines">The lines of the field.</param>
    /// <param name="algorithm">The algorithm, SHA-256 before SHA-512 when both are liked alike.</param>
    /// <returns><see langword="false"/> if the field is absent or malformed, or wants neither.</returns>
    public static bool TryParse(StringValues lines, [NotNullWhen(true)] out DigestAlgorithm? algorithm)
    {
        algorithm = null;
        if (lines.Count == 0
            || !FieldLine.TryParse(StructuredFieldType.Dictionary, lines, StructuredFieldLimits.Default, out StructuredField? field)
            || field.HasDuplicateKeys)
        {
            return false;
        }

        long best = 0;
        foreach (DigestAlgorithm candidate in Enum.GetValues<DigestAlgorithm>())
        {
            // From 1, least liked, to 10; 0 is not acceptable, and anything else is no preference at all.
            if (field.TryGetMember(ContentDigest.KeyOf(candidate), out StructuredValue member)
                && member.TryGetInteger(out long preference) && preference is >= 1 and <= 10 && preference > best)
            {
                best = preference;
                algorithm = candidate;
            }
        }

        return algorithm is not null;
    }
}
