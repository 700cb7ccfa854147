namespace Sage.Did.Ethereum;

/// <summary>How a <see cref="RegistryWatcher"/> asks.</summary>
public sealed class EthereumWatchOptions
{
    /// <summary>Whether <c>AddEthereumRegistry</c> has the host run a watcher; it does by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often each endpoint is asked for its newest block; 12 seconds by default, between 100 milliseconds and 10 minutes.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(12);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PollInterval, TimeSpan.FromMilliseconds(100), nameof(PollInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PollInterval, TimeSpan.FromMinutes(10), nameof(PollInterval));
    }
}
