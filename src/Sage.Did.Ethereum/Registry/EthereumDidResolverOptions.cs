namespace Sage.Did.Ethereum;

/// <summary>What an <see cref="EthereumDidResolver"/> asks of its endpoints.</summary>
public sealed class EthereumDidResolverOptions
{
    /// <summary>The greatest age of the newest block, by its own timestamp; 5 minutes by default, at most a day. An endpoint that stands still, or holds blocks back, is not believed.</summary>
    public TimeSpan MaxHeadAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many blocks must follow one that counts as settled; <see langword="null"/>, the default, asks for the block that the chain
    /// calls finalized. For chains without that tag: there is no silent fallback. Between 1 and 1,000,000.
    /// </summary>
    public int? Confirmations { get; set; }

    /// <summary>How many endpoints must answer; all of them by default. Those that do answer must agree in any case.</summary>
    public int? MinEndpoints { get; set; }

    internal EthereumDidResolverOptions Copy() => (EthereumDidResolverOptions)MemberwiseClone();

    internal void Validate(int endpoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxHeadAge, TimeSpan.Zero, nameof(MaxHeadAge));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxHeadAge, TimeSpan.FromDays(1), nameof(MaxHeadAge));
        InRange(Confirmations ?? 1, 1_000_000, nameof(Confirmations));
        InRange(MinEndpoints ?? 1, endpoints, nameof(MinEndpoints));
    }

    private static void InRange(int value, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
