using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace Sage.Crypto.Tests.Properties;

[TestFixture]
public sealed class NonceStoreProperties
{
    private const int Capacity = 30;
    private static readonly DateTimeOffset Start = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property The_store_does_what_a_dictionary_with_times_does() =>
        Prop.ForAll(Steps().ToArbitrary(), steps =>
        {
            FakeTimeProvider time = new(Start);
            InMemoryNonceStore store = new(time, Capacity);
            Dictionary<(string, string), DateTimeOffset> model = [];
            foreach (Step step in steps)
            {
                time.Advance(TimeSpan.FromSeconds(step.Advance));
                DateTimeOffset now = time.GetUtcNow();
                foreach ((string, string) expired in model.Where(e => e.Value <= now).Select(e => e.Key).ToList())
                {
                    model.Remove(expired);
                }

                string scope = $"s{step.Scope}";
                string nonce = $"n{step.Nonce}";
                NonceResult expected =
                    model.ContainsKey((scope, nonce)) ? NonceResult.Replayed
                    : model.Count >= Capacity || model.Count(e => e.Key.Item1 == scope) >= Capacity / 10 ? NonceResult.Full
                    : NonceResult.Accepted;
                if (expected == NonceResult.Accepted)
                {
                    // Two seconds of grace.
                    model[(scope, nonce)] = now.AddSeconds(Math.Max(step.Life, 0) + 2);
                }

                NonceResult actual = store.TryConsumeAsync(scope, nonce, now.AddSeconds(step.Life)).AsTask().GetAwaiter().GetResult();
                if (actual != expected || store.Count > Capacity)
                {
                    return false;
                }
            }

            return true;
        });

    private static Gen<List<Step>> Steps() =>
        (from scope in Gen.Choose(0, 14)
         from nonce in Gen.Choose(0, 4)
         from life in Gen.Frequency((8, Gen.Choose(1, 20)), (1, Gen.Choose(1000, 3000)), (1, Gen.Choose(-5, 0)))
         from advance in Gen.Frequency((10, Gen.Constant(0)), (5, Gen.Choose(1, 3)), (1, Gen.Choose(900, 3000)))
         select new Step(scope, nonce, life, advance)).ListOf(200).Select(steps => steps.ToList());

    private sealed record Step(int Scope, int Nonce, int Life, int Advance);
}
