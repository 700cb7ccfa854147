namespace Sage.Benchmarks;

/// <summary>Everything that is measured, in the order of docs/performance.md.</summary>
internal static class Groups
{
    public static IReadOnlyList<Func<Group>> All { get; } =
    [
        .. RecordGroups.All,
        .. HandshakeGroups.All,
        .. SessionGroups.All,
        .. ResolutionGroups.All,
        .. RegistryGroups.All,
        .. KeyGroups.All,
        .. HttpSignatureGroups.All,
        .. EthereumGroups.All,
    ];
}
