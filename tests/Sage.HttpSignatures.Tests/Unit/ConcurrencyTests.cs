namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>One signer, one verifier and one store of nonces, from eight threads.</summary>
[TestFixture]
internal sealed class ConcurrencyTests
{
    private const int Threads = 8;

    [Test]
    public void A_captured_request_is_accepted_once()
    {
        using Bench bench = new();
        for (int round = 0; round < 50; round++)
        {
            TestMessage message = bench.SignAsync(TestMessage.Json()).GetAwaiter().GetResult();
            SignatureError[] errors = Run(_ => bench.Verifier.VerifyAsync(message.ToContext()).AsTask().GetAwaiter().GetResult().Error);

            Assert.That(errors.Count(error => error == SignatureError.None), Is.EqualTo(1));
            Assert.That(errors.Count(error => error == SignatureError.Replayed), Is.EqualTo(Threads - 1));
        }
    }

    [Test]
    public void Everyone_signs_and_verifies_his_own()
    {
        using Bench bench = new();
        HttpMessageSigner signer = bench.Signer();
        string[] outcomes = Run(thread =>
        {
            for (int i = 0; i < 200; i++)
            {
                string target = $"/{thread}/{i}";
                TestMessage message = TestMessage.Json($"{{\"n\":{i}}}");
                message.Target = target;
                message.Signed(signer.SignAsync(message.ToContext()).AsTask().GetAwaiter().GetResult());
                SignatureVerificationResult result = bench.Verifier.VerifyAsync(message.ToContext()).AsTask().GetAwaiter().GetResult();
                message.Target = target + "x";
                SignatureVerificationResult changed = bench.Verifier.VerifyAsync(message.ToContext()).AsTask().GetAwaiter().GetResult();
                if (!result.IsValid || changed.Error != SignatureError.BadSignature)
                {
                    return $"{target}: {result.Error}, {changed.Error}";
                }
            }

            return "right";
        });

        Assert.That(outcomes, Is.All.EqualTo("right"));
    }

    private static T[] Run<T>(Func<int, T> action)
    {
        T[] results = new T[Threads];
        using Barrier start = new(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            results[i] = action(i);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return results;
    }
}
