namespace Sage.Did;

/// <summary>Projects a record to a DID document: usable keys and the endpoint.</summary>
internal static class RecordDocument
{
    /// <summary>The name of the record's own agreement key, which has no position among its keys.</summary>
    public const string KemFragment = "kem";

    public static DidDocument Create(AgentRecord record, List<UsableKey> signing, List<UsableKey> agreement)
    {
        VerificationMethod[] signers = [.. signing.Select(Method)];
        return new DidDocument
        {
            Id = record.Did,
            Authentication = signers,
            AssertionMethod = signers,
            KeyAgreement = [.. agreement.Select(Method)],
            Services = record.Endpoint.Length == 0 ? [] : [new DidService("messages", "MessageService", record.Endpoint)],
        };
    }

    private static VerificationMethod Method(UsableKey key) =>
        new(key.Index == 0 ? KemFragment : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"key-{key.Index}"), key.Key);
}
