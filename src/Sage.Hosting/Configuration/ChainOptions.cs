namespace Sage.Hosting;

/// <summary>One deployment of the registry contracts.</summary>
internal sealed class ChainOptions
{
    /// <summary>The chain id (EIP-155).</summary>
    [NumberRange(1, long.MaxValue)]
    public long ChainId { get; set; }

    /// <summary>The address of the identity registry, 0x and 40 hexadecimal digits.</summary>
    public string? Identity { get; set; }

    /// <summary>The address of the key registry, 0x and 40 hexadecimal digits.</summary>
    public string? KeyRegistry { get; set; }

    /// <summary>
    /// The nodes to ask, better of different operators: each the URL of a node (https, or http on this machine), or a reference to a
    /// secret that holds it, for URLs with a key in them.
    /// </summary>
    public List<string> Endpoints { get; set; } = [];

    /// <summary>How many nodes must answer; all of them when not set. Those that answer must agree.</summary>
    [NumberRange(1, 100)]
    public int? MinEndpoints { get; set; }

    /// <summary>How many blocks must follow one that counts; the chain's finalized block when not set.</summary>
    [NumberRange(1, 1_000_000)]
    public int? Confirmations { get; set; }

    /// <summary>The greatest age of the newest block; a node that stands still is not believed.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan MaxHeadAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether this host keeps a copy of the whole registry, read from its one node, and answers look-ups from there. For one chain at most.</summary>
    public bool Mirror { get; set; }

    /// <summary>The block that a mirror reads first: the one in which the identity registry was made, or one before. It looks for it when not set.</summary>
    [NumberRange(0, long.MaxValue)]
    public long? FirstBlock { get; set; }
}
