namespace Sage.Did;

/// <summary>The one DID method that registries keep.</summary>
internal static class RegistryMethod
{
    public const string Name = "sage";

    /// <summary>What to say of a DID that a registry has no record of.</summary>
    public static DidResolutionStatus StatusOfUnknown(AgentDid did) =>
        did.Method != Name ? DidResolutionStatus.MethodNotSupported
        : SageDid.TryParse(did.Value, out _) ? DidResolutionStatus.NotFound
        : DidResolutionStatus.Invalid;
}
