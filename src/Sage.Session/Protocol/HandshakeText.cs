using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Session;

/// <summary>The fixed texts of the handshake and the rule for the texts that enter its derivations.</summary>
internal static class HandshakeText
{
    /// <summary>The task of the request and of the response (SAGE profile P1 §4.6).</summary>
    public const string Task = "hpke/complete@v1";

    public const string Version = "v1";

    public const int MaxContext = 128;

    public const int MaxDid = 256;

    public const int MaxKid = 128;

    public const int MaxNonce = 128;

    /// <summary>How far the clocks of the two sides may be apart, either way.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(120);

    // Visible ASCII without the separator of the context strings and without what JSON would escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~");

    /// <summary>
    /// Whether a context, DID, nonce or handle may be used: nothing is escaped in the context strings (SAGE profile P1
    /// §4.2), so a separator inside a part would let two handshakes share one string.
    /// </summary>
    public static bool IsPlain([NotNullWhen(true)] string? text, int maxLength) =>
        !string.IsNullOrEmpty(text) && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>Whether a text has no white space and no control or non-ASCII character.</summary>
    public static bool IsVisible([NotNullWhen(true)] string? text) => text is not null && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static bool IsFresh(DateTimeOffset timestamp, DateTimeOffset now) => (now - timestamp).Duration() <= MaxSkew;
}
