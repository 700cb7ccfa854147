using System.Diagnostics.CodeAnalysis;

namespace Sage.Did;

/// <summary>A DID with an optional fragment (DID Core §3.2); paths and queries are not used by SAGE and are refused.</summary>
public readonly record struct DidUrl
{
    private const int MaxFragmentLength = 128;

    private DidUrl(AgentDid did, string? fragment)
    {
        Did = did;
        Fragment = fragment;
    }

    /// <summary>The DID before the first <c>#</c>.</summary>
    public AgentDid Did { get; }

    /// <summary>The fragment without <c>#</c>, at most 128 characters, or <see langword="null"/>.</summary>
    public string? Fragment { get; }

    /// <summary>Reads a DID URL.</summary>
    /// <param name="text">A DID, with or without a fragment.</param>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static DidUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out DidUrl url) ? url : throw new FormatException("The text is not a DID with an optional fragment.");
    }

    /// <summary>Reads a DID URL without an exception for bad text.</summary>
    /// <param name="text">A DID, with or without a fragment.</param>
    /// <param name="url">The DID URL, or <see langword="default"/>.</param>
    /// <returns><see langword="true"/> if the text is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DidUrl url)
    {
        url = default;
        if (text is null || text.Length > AgentDid.MaxLength + 1 + MaxFragmentLength)
        {
            return false;
        }

        int hash = text.IndexOf('#', StringComparison.Ordinal);
        string? fragment = hash < 0 ? null : text[(hash + 1)..];
        if (!AgentDid.TryParse(hash < 0 ? text : text[..hash], out AgentDid did)
            || (fragment is not null && (fragment.Length is 0 or > MaxFragmentLength || !fragment.All(IsFragmentCharacter))))
        {
            return false;
        }

        url = new DidUrl(did, fragment);
        return true;
    }

    /// <summary>Returns the DID URL as text.</summary>
    public override string ToString() => Fragment is null ? Did.ToString() : $"{Did}#{Fragment}";

    private static bool IsFragmentCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~' or ':';
}
