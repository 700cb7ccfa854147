using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The lines of a field (RFC 9110 §5.5, RFC 9421 §2.1).</summary>
internal static class FieldLine
{
    /// <summary>Without white space at both ends.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> line) => line.Trim(" \t");

    /// <summary>Trimmed, and every obsolete line fold (RFC 9112 §5.2) replaced by one space. A bare CR or LF stays and is refused later.</summary>
    public static string Unfold(string line)
    {
        ReadOnlySpan<char> rest = Trim(line);
        if (!rest.Contains('\n'))
        {
            return rest.ToString();
        }

        System.Text.StringBuilder text = new(rest.Length);
        while (rest.IndexOf('\n') is int end && end >= 0)
        {
            ReadOnlySpan<char> next = rest[(end + 1)..];
            ReadOnlySpan<char> before = rest[..end];
            if (next is not [' ' or '\t', ..])
            {
                // Not a fold: kept as it is, so that it cannot pass.
                text.Append(before).Append('\n');
                rest = next;
                continue;
            }

            text.Append((before is [.., '\r'] ? before[..^1] : before).TrimEnd(" \t")).Append(' ');
            rest = next.TrimStart(" \t");
        }

        return text.Append(rest).ToString();
    }

    public static bool TryParse(StructuredFieldType type, StringValues lines, StructuredFieldLimits limits, [NotNullWhen(true)] out StructuredField? field) =>
        lines.Count == 1
            ? StructuredField.TryParse(type, lines[0] ?? "", limits, out field)
            : StructuredField.TryParse(type, lines.ToArray(), limits, out field);
}
