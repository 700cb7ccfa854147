namespace Sage.Hosting;

/// <summary>Where agents of no chain are looked up.</summary>
internal enum RegistryKind
{
    /// <summary>In the memory of this process.</summary>
    Memory,

    /// <summary>In a registry file.</summary>
    File,

    /// <summary>Nowhere: chains and did:key only.</summary>
    None,
}
