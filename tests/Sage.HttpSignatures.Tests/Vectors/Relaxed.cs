using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>A policy without any rule, for vectors that follow no profile.</summary>
internal static class Relaxed
{
    public static SignaturePolicy Policy { get; } = SignaturePolicy.Default with
    {
        Name = "relaxed",
        RequestComponents = [],
        ResponseComponents = [],
        RequireContentType = false,
        RequireContentDigest = false,
        RequireRequestSignature = false,
        RequireCreated = false,
        RequireExpires = false,
        RequireNonce = false,
        MaxAge = TimeSpan.Zero,
        Lifetime = null,
        AllowHmac = true,
        Algorithms = [.. KeyAlgorithm.All.Where(algorithm => algorithm.CanSign)],
        StructuredFields = new Dictionary<string, StructuredFieldType> { ["example-dict"] = StructuredFieldType.Dictionary },
    };
}
