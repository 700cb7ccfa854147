using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Hosting;

/// <summary>Says where a secret is: <c>file:/run/secrets/pg</c>, <c>env:PG</c>, <c>vault:secret/data/sage#pg</c>.</summary>
internal sealed record SecretReference(string Scheme, string Path)
{
    private const int MaxLength = 1024;
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretReference? reference)
    {
        int colon = text is null || text.Length > MaxLength ? -1 : text.IndexOf(':', StringComparison.Ordinal);
        reference = colon < 1 || colon == text!.Length - 1 || text.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters)
            ? null
            : new SecretReference(text[..colon], text[(colon + 1)..]);
        return reference is not null;
    }

    public override string ToString() => $"{Scheme}:{Path}";
}
