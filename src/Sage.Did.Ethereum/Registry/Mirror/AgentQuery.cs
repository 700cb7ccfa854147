using Sage.Crypto;

namespace Sage.Did.Ethereum;

/// <summary>Which agents are looked for, and how many at a time. Every condition that is set must hold.</summary>
public sealed class AgentQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 1_000;

    /// <summary>Whose agents.</summary>
    public EthereumAddress? Owner { get; set; }

    /// <summary>Agents whose document has this key. There may be several: a key is proven to each agent, not given to one.</summary>
    public PublicKey? Key { get; set; }

    /// <summary>Whether they resolve to a document.</summary>
    public bool? IsActive { get; set; }

    /// <summary>Agents with a greater number: <see cref="AgentPage.Next"/> of the page before.</summary>
    public UInt256? After { get; set; }

    /// <summary>The most agents of a page; 100 by default, between 1 and 1,000.</summary>
    public int PageSize { get; set; } = 100;
}
