using Microsoft.Extensions.Options;

namespace Sage.Hosting;

/// <summary>Where agents are looked up.</summary>
internal sealed class RegistryOptions
{
    /// <summary>Where agents of no chain are looked up.</summary>
    public RegistryKind Kind { get; set; }

    /// <summary>The path of the registry file, for the kind File.</summary>
    public string? Path { get; set; }

    /// <summary>Whether did:key counts, where the DID is the key and anybody can make one.</summary>
    public bool DidKey { get; set; } = true;

    [ValidateEnumeratedItems]
    public List<ChainOptions> Chains { get; set; } = [];
}
