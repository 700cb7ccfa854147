using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Benchmarks;

/// <summary>Signing and verifying messages: a body of 100 bytes, four components, Ed25519.</summary>
internal static class HttpSignatureGroups
{
    private const string KeyId = "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3#key-1";

    private static readonly byte[] Body = RandomNumberGenerator.GetBytes(100);

    // The content type is left out, so that four components are covered; the nonce is sent but not remembered, as the same message verifies again and again.
    private static readonly SignaturePolicy Policy = SignaturePolicy.Default with { RequireContentType = false, RequireNonce = false };

    public static Func<Group>[] All { get; } = [Sign, Verify, Digest];

    private static Group Sign()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        HttpMessageSigner signer = new(new KeySigner(key), KeyId, Policy);
        Dictionary<string, StringValues> fields = new() { ["content-digest"] = ContentDigest.Compute(Body) };
        SignatureContext message = Describe(fields);
        byte[] signatureBase = Base(Done(signer.SignAsync(message)), fields);
        byte[] signature = new byte[64];
        return new Group(
            "sign a request, 100 B body, 4 components",
            new Candidate("PrivateKey.Sign over the same base", () => key.Sign(signatureBase, signature)),
            new Candidate("HttpMessageSigner.SignAsync", () => Done(signer.SignAsync(message))),
            new Candidate("the same with the digest of the body", () =>
            {
                fields["content-digest"] = ContentDigest.Compute(Body);
                Done(signer.SignAsync(message));
            }))
        { Owner = key };
    }

    private static Group Verify()
    {
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        PublicKey publicKey = key.PublicKey;
        HttpMessageSigner signer = new(new KeySigner(key), KeyId, Policy with { Lifetime = TimeSpan.FromHours(1) });
        Dictionary<string, StringValues> fields = new() { ["content-digest"] = ContentDigest.Compute(Body) };
        SignatureFields made = Done(signer.SignAsync(Describe(fields)));
        byte[] signatureBase = Base(made, fields);
        byte[] signature = key.Sign(signatureBase);
        fields["signature-input"] = made.SignatureInput;
        fields["signature"] = made.Signature;
        HttpMessageVerifier verifier = new(new OneKey(publicKey));
        SignaturePolicy policy = Policy with { MaxAge = TimeSpan.FromHours(1) };
        return new Group(
            "verify a request, 100 B body, 4 components",
            new Candidate("PublicKey.Verify over the same base", () => Require(publicKey.Verify(signatureBase, signature))),
            new Candidate("HttpMessageVerifier.VerifyAsync, digest included", () => Require(Done(verifier.VerifyAsync(Describe(fields), policy)).IsValid)))
        { Owner = key };
    }

    private static Group Digest()
    {
        byte[] hash = new byte[32];
        StringValues field = ContentDigest.Compute(Body);
        return new Group(
            "Content-Digest, 100 B",
            new Candidate("SHA256.HashData", () => SHA256.HashData(Body, hash)),
            new Candidate("ContentDigest.Compute", () => ContentDigest.Compute(Body)),
            new Candidate("ContentDigest.Verify", () => Require(ContentDigest.Verify(field, Body) == SignatureError.None)));
    }

    private static SignatureContext Describe(Dictionary<string, StringValues> fields) => SignatureContext.ForRequest(
        "POST",
        "https",
        "api.example.com",
        "/v1/tasks?limit=10",
        name => fields.GetValueOrDefault(name),
        BodyPresence.Present,
        static (_, _) => new ValueTask<ReadOnlyMemory<byte>?>(Body));

    private static byte[] Base(SignatureFields made, Dictionary<string, StringValues> fields) => Encoding.ASCII.GetBytes(
        "\"@method\": POST\n\"@target-uri\": https://api.example.com/v1/tasks?limit=10\n\"@authority\": api.example.com\n"
        + $"\"content-digest\": {fields["content-digest"]}\n\"@signature-params\": {made.SignatureInput[5..]}");

    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Require(bool value)
    {
        if (!value)
        {
            throw new InvalidOperationException("What is measured did not work.");
        }
    }

    private sealed class OneKey(PublicKey key) : IKeyResolver
    {
        private readonly KeyResolution resolution = new()
        {
            Status = KeyResolutionStatus.Resolved,
            Subject = "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3",
            Keys = [key],
            ObservedAt = DateTimeOffset.MaxValue,
        };

        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => new(resolution);
    }
}
