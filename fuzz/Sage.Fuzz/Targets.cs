namespace Sage.Fuzz;

/// <summary>Every target, by name.</summary>
internal static class Targets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. CryptoTargets.All, .. KeyFormatTargets.All, .. DidTargets.All, .. EthereumTargets.All, .. EthereumRpcTargets.All, .. MirrorTargets.All, .. RegistryTargets.All, .. HttpTargets.All, .. SignatureTargets.All, .. RawHttpTargets.All, .. DirectoryTargets.All, .. CardTargets.All, .. WireTargets.All, .. RecordTargets.All, .. SessionStateTargets.All, .. BackupTargets.All];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
