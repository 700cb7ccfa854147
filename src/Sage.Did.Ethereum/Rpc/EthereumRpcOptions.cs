namespace Sage.Did.Ethereum;

/// <summary>How a <see cref="HttpEthereumRpc"/> asks.</summary>
public sealed class EthereumRpcOptions
{
    /// <summary>How long one attempt may take, connecting and reading included; 10 seconds by default, at most 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a read is tried in all; 4 by default, at most 10. Anything that is not a read is tried once.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The pause before the second attempt, doubled for each one after and varied by up to a half; 250 ms by default.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause, a node's <c>Retry-After</c> included; 5 seconds by default, at most 1 minute.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest answer that is read, after decompression, in bytes; 8 MiB by default, between 1 KiB and 64 MiB.</summary>
    public int MaxResponseSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>Allows plain http to hosts other than this machine. Whoever is on the way can then answer in the node's place.</summary>
    public bool AllowHttp { get; set; }

    internal EthereumRpcOptions Copy() => (EthereumRpcOptions)MemberwiseClone();

    internal void Validate()
    {
        InRange(Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5), nameof(Timeout));
        InRange(MaxAttempts, 1, 10, nameof(MaxAttempts));
        InRange(MaxPause, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(MaxPause));
        InRange(FirstPause, TimeSpan.Zero, MaxPause, nameof(FirstPause));
        InRange(MaxResponseSize, 1024, 64 * 1024 * 1024, nameof(MaxResponseSize));
    }

    private static void InRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
