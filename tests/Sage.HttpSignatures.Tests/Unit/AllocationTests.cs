using Microsoft.Extensions.Primitives;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>What signing and verifying allocate: a body of 100 bytes, five components, the default policy.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class AllocationTests
{
    private const int Runs = 2000;
    private const int Warmup = 100;

    // Without optimisation every asynchronous method allocates its state.
#if DEBUG
    private const int Unoptimised = 2048;
#else
    private const int Unoptimised = 0;
#endif

    private static readonly byte[] Body = new byte[100];

    [Test]
    public void Signing_allocates_at_most_a_kibibyte()
    {
        using Bench bench = new();
        HttpMessageSigner signer = bench.Signer();
        SignatureContext message = Describe(null);
        long bytes = Measure(() => Done(signer.SignAsync(message)));
        TestContext.Out.WriteLine($"signing: {bytes} bytes");

        Assert.That(bytes, Is.InRange(1, 1024 + Unoptimised));
    }

    [Test]
    public void Verifying_allocates_at_most_a_kibibyte_and_a_half()
    {
        using Bench bench = new();
        SignaturePolicy policy = SignaturePolicy.Default;
        OneKey keys = new(new KeyResolution { Status = KeyResolutionStatus.Resolved, Subject = Bench.Agent, Keys = [bench.Key.PublicKey], ObservedAt = bench.Time.GetUtcNow() });
        HttpMessageVerifier verifier = new(keys, new Anything(), timeProvider: bench.Time);
        SignatureContext message = Describe(Done(bench.Signer().SignAsync(Describe(null))));
        int valid = 0;
        long bytes = Measure(() => valid += Done(verifier.VerifyAsync(message, policy)).IsValid ? 1 : 0);
        Assert.That(valid, Is.EqualTo(5 * (Runs + Warmup)));
        TestContext.Out.WriteLine($"verifying: {bytes} bytes");

        Assert.That(bytes, Is.InRange(1, 1536 + Unoptimised));
    }

    private static SignatureContext Describe(SignatureFields? fields)
    {
        StringValues type = "application/json";
        StringValues digest = ContentDigest.Compute(Body);
        StringValues input = fields?.SignatureInput;
        StringValues signature = fields?.Signature;
        return SignatureContext.ForRequest(
            "POST", "https", "api.example.com", "/orders?x=1",
            name => name switch { "content-type" => type, "content-digest" => digest, "signature-input" => input, "signature" => signature, _ => default },
            BodyPresence.Present,
            (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(Body));
    }

    /// <summary>Bytes per run; the first runs warm up pools and code.</summary>
    private static long Measure(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            Repeat(action, Warmup);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(action, Runs);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Runs);
        }

        return least;
    }

    private static T Done<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("It waits.");

    private static void Repeat(Action action, int count)
    {
        for (int i = 0; i < count; i++)
        {
            action();
        }
    }

    private sealed class OneKey(KeyResolution resolution) : IKeyResolver
    {
        public ValueTask<KeyResolution> ResolveAsync(KeyQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(resolution);
    }

    private sealed class Anything : INonceStore
    {
        public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(NonceResult.Accepted);
    }
}
