using Microsoft.Extensions.Configuration;

namespace Sage.Hosting;

/// <summary>The configuration that a host was composed from.</summary>
/// <param name="Section">Where it came from.</param>
/// <param name="Options">What it said then.</param>
/// <param name="Surroundings">What it was checked against.</param>
/// <param name="ReadableSecrets">Files of secrets that anybody on the machine can read.</param>
internal sealed record LoadedConfiguration(
    IConfigurationSection Section, SageHostOptions Options, HostSurroundings Surroundings, IReadOnlyList<string> ReadableSecrets);
