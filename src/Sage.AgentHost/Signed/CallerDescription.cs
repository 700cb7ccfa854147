using System.ComponentModel;

namespace Sage.AgentHost;

/// <summary>Who a caller has proven to be.</summary>
internal sealed record CallerDescription(
    [property: Description("The DID of the caller.")] string Subject,
    [property: Description("The key that signed, as the signature names it.")] string KeyId,
    [property: Description("What the signature covers, as in Signature-Input.")] IReadOnlyList<string> Covered);
