using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sage.Did;

/// <summary>
/// The parts of a did:sage identifier (SAGE profile P1 §6.1, §6.2): <c>did:sage:&lt;chain&gt;:&lt;identifier&gt;</c>, and the
/// form <c>did:sage:eip155:&lt;chainId&gt;:&lt;identity&gt;:&lt;agentId&gt;</c> for agents registered by contract.
/// </summary>
public sealed class SageDid
{
    private const int MinLength = 10;
    private const string Prefix = "did:sage:";

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:-");

    private SageDid(AgentDid did, string chain, string identifier)
    {
        Did = did;
        Chain = chain;
        Identifier = identifier;
    }

    /// <summary>The DID as received; aliases and letter case are not rewritten.</summary>
    public AgentDid Did { get; }

    /// <summary>The canonical chain name: <c>ethereum</c>, <c>solana</c> or <c>eip155</c>.</summary>
    public string Chain { get; }

    /// <summary>Everything after the chain, further colons included.</summary>
    public string Identifier { get; }

    /// <summary>Reads the parts of a did:sage identifier.</summary>
    /// <param name="text">The identifier.</param>
    /// <param name="did">The parts, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the text is a did:sage identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SageDid? did)
    {
        did = null;
        if (text is null || text.Length < MinLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || !AgentDid.TryParse(text, out AgentDid whole))
        {
            return false;
        }

        int colon = text.IndexOf(':', Prefix.Length);
        if (colon < 0 || !TryParseChain(text[Prefix.Length..colon], out string? chain))
        {
            return false;
        }

        string identifier = text[(colon + 1)..];
        if (identifier.Length == 0 || identifier.AsSpan().ContainsAnyExcept(IdentifierCharacters) || (chain == "eip155" && !IsContractIdentifier(identifier)))
        {
            return false;
        }

        did = new SageDid(whole, chain, identifier);
        return true;
    }

    /// <summary>Reads a chain name: trimmed, in any letter case, <c>eth</c> and <c>sol</c> included.</summary>
    /// <param name="text">The name.</param>
    /// <param name="chain">The canonical name, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the chain is known.</returns>
    public static bool TryParseChain([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? chain)
    {
        chain = text?.Trim().ToLowerInvariant() switch
        {
            "ethereum" or "eth" => "ethereum",
            "solana" or "sol" => "solana",
            "eip155" => "eip155",
            _ => null,
        };
        return chain is not null;
    }

    /// <summary>Makes <c>did:sage:&lt;canonical chain&gt;:&lt;identifier&gt;</c>.</summary>
    /// <param name="chain">A chain name or alias.</param>
    /// <param name="identifier">The identifier, for Ethereum a lower-case <c>0x</c> address.</param>
    /// <exception cref="FormatException">The result would not be a did:sage identifier.</exception>
    public static AgentDid Generate(string chain, string identifier)
    {
        string? text = TryParseChain(chain, out string? canonical) ? $"{Prefix}{canonical}:{identifier}" : null;
        return TryParse(text, out SageDid? did) ? did.Did : throw new FormatException("The chain or the identifier is not one of did:sage.");
    }

    /// <summary>
    /// The address of the owner's account when it is the identifier: <c>0x</c> and 40 hex characters, optionally followed by
    /// <c>:&lt;n&gt;</c>, on Ethereum.
    /// </summary>
    /// <param name="address">The address in lower case, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the identifier names an account.</returns>
    public bool TryGetOwnerAddress([NotNullWhen(true)] out string? address)
    {
        address = null;
        if (Chain != "ethereum")
        {
            return false;
        }

        string[] parts = Identifier.Split(':');
        if (parts.Length > 2 || !IsAddress(parts[0]) || (parts.Length == 2 && !IsNumber(parts[1])))
        {
            return false;
        }

        address = parts[0].ToLowerInvariant();
        return true;
    }

    // <chainId>:<identity contract>:<agentId>
    private static bool IsContractIdentifier(string identifier) =>
        identifier.Split(':') is [var chainId, var identity, var agentId] && IsNumber(chainId) && IsAddress(identity) && IsNumber(agentId);

    private static bool IsAddress(string text) =>
        text.Length == 42 && text.StartsWith("0x", StringComparison.Ordinal) && text.AsSpan(2).IndexOfAnyExcept(Hex) < 0;

    private static bool IsNumber(string text) => text.Length is > 0 and <= 78 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
}
