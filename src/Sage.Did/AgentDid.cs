using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Did;

/// <summary>
/// A decentralised identifier (DID Core §3.1): any syntactically valid DID of at most 256 bytes, kept as received and
/// compared byte by byte.
/// </summary>
public readonly record struct AgentDid : ISpanParsable<AgentDid>
{
    /// <summary>The longest DID, in bytes (every character is ASCII).</summary>
    public const int MaxLength = 256;

    // DID Core idchar, and '~', which the P1 grammar of did:sage allows too. '%' is checked for its two hex digits below.
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%~");

    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private readonly string? value;

    private AgentDid(string value) => this.value = value;

    /// <summary>The DID as received.</summary>
    /// <exception cref="InvalidOperationException">The value is <see langword="default"/>.</exception>
    public string Value => value ?? throw new InvalidOperationException("This AgentDid is default(AgentDid); make it with AgentDid.Parse.");

    /// <summary>The method name, for example <c>sage</c> or <c>key</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is <see langword="default"/>.</exception>
    public string Method => MethodOf(Value.AsSpan(4, Value.IndexOf(':', 4) - 4));

    /// <summary>The part after the method.</summary>
    /// <exception cref="InvalidOperationException">The value is <see langword="default"/>.</exception>
    public string MethodSpecificId => Value[(Value.IndexOf(':', 4) + 1)..];

    /// <summary>Reads a DID.</summary>
    /// <param name="text">The DID, without a fragment, path or query.</param>
    /// <exception cref="FormatException">The text is not a DID of at most 256 bytes.</exception>
    public static AgentDid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out AgentDid did) ? did : throw new FormatException("The text is not a DID of at most 256 characters.");
    }

    /// <summary>Reads a DID without an exception for bad text.</summary>
    /// <param name="text">The DID, without a fragment, path or query.</param>
    /// <param name="did">The DID, or <see langword="default"/>.</param>
    /// <returns><see langword="true"/> if the text is a DID.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentDid did)
    {
        did = default;
        if (text is null || !IsValid(text))
        {
            return false;
        }

        did = new AgentDid(text);
        return true;
    }

    /// <inheritdoc/>
    public static AgentDid Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static AgentDid Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.Length > MaxLength ? s[..(MaxLength + 1)].ToString() : s.ToString());

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AgentDid result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out AgentDid result)
    {
        result = default;
        return s.Length <= MaxLength && TryParse(s.ToString(), out result);
    }

    /// <summary>Returns the DID, or an empty string for <see langword="default"/>.</summary>
    public override string ToString() => value ?? "";

    // The methods this package knows cost no allocation.
    private static string MethodOf(ReadOnlySpan<char> method) => method switch
    {
        "sage" => "sage",
        "key" => "key",
        "web" => "web",
        _ => method.ToString(),
    };

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength || !text.StartsWith("did:", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[4..];
        int colon = rest.IndexOf(':');
        if (colon < 1 || rest[..colon].ContainsAnyExcept(MethodCharacters))
        {
            return false;
        }

        ReadOnlySpan<char> id = rest[(colon + 1)..];
        return id.Length > 0 && id[^1] != ':' && !id.ContainsAnyExcept(IdCharacters) && HasWholeEscapes(id);
    }

    private static bool HasWholeEscapes(ReadOnlySpan<char> id)
    {
        for (int at = id.IndexOf('%'); at >= 0; at = id.IndexOf('%'))
        {
            if (at + 2 >= id.Length || !char.IsAsciiHexDigit(id[at + 1]) || !char.IsAsciiHexDigit(id[at + 2]))
            {
                return false;
            }

            id = id[(at + 3)..];
        }

        return true;
    }
}
