namespace Sage.Hosting;

/// <summary>What counts beside the settings when they are checked.</summary>
/// <param name="IsDevelopment">Whether the environment is Development.</param>
/// <param name="HasKeyStore">Whether the application registered a key store of its own.</param>
/// <param name="HasAgent">Whether the application registered its agent.</param>
/// <param name="Sources">Where secrets can be read from.</param>
internal sealed record HostSurroundings(bool IsDevelopment, bool HasKeyStore, bool HasAgent, SecretSchemes Sources);
