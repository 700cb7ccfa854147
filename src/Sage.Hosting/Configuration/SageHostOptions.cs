using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.Hosting;

/// <summary>Everything a host reads from the section <c>Sage</c> of its configuration.</summary>
internal sealed class SageHostOptions
{
    /// <summary>The DID of this agent, at most 256 bytes. Needed outside Development.</summary>
    public string? Did { get; set; }

    /// <summary>The base URL under which others reach this agent, as its record in the registry says: https, or http on this machine.</summary>
    public Uri? Endpoint { get; set; }

    public SageKeyStoreOptions KeyStore { get; set; } = new();

    public AgentOptions Agent { get; set; } = new();

    [ValidateObjectMembers]
    public RegistryOptions Registry { get; set; } = new();

    [ValidateObjectMembers]
    public SessionsOptions Sessions { get; set; } = new();

    [ValidateObjectMembers]
    public HttpSignaturesOptions HttpSignatures { get; set; } = new();

    [ValidateObjectMembers]
    public StoreOptions Store { get; set; } = new();

    [ValidateObjectMembers]
    public NoncesOptions Nonces { get; set; } = new();

    [ValidateObjectMembers]
    public VaultOptions Vault { get; set; } = new();

    [ValidateObjectMembers]
    public ApplicationOptions Application { get; set; } = new();

    [ValidateObjectMembers]
    public LimitsOptions Limits { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public FeaturesOptions Features { get; set; } = new();
}
