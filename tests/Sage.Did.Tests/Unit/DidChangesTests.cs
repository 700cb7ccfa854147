using System.Collections.Concurrent;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class DidChangesTests
{
    private static readonly AgentDid Alice = AgentDid.Parse("did:sage:ethereum:0xa");

    [Test]
    public void Every_listener_hears_every_report_until_it_is_disposed()
    {
        DidChanges changes = new();
        List<string> heard = [];
        using IDisposable first = changes.Subscribe(did => heard.Add("first " + did));
        IDisposable second = changes.Subscribe(did => heard.Add("second " + did));
        changes.Report(Alice);
        second.Dispose();
        second.Dispose();
        changes.Report(Alice);
        Assert.That(heard, Is.EqualTo(new[] { $"first {Alice}", $"second {Alice}", $"first {Alice}" }));
    }

    [Test]
    public void A_listener_that_throws_does_not_keep_the_others_from_hearing()
    {
        DidChanges changes = new();
        int heard = 0;
        using IDisposable bad = changes.Subscribe(_ => throw new InvalidOperationException("no"));
        using IDisposable good = changes.Subscribe(_ => heard++);
        Assert.That(() => changes.Report(Alice), Throws.Nothing);
        Assert.That(heard, Is.EqualTo(1));
    }

    [Test]
    public void The_same_listener_may_subscribe_twice_and_leave_once()
    {
        DidChanges changes = new();
        int heard = 0;
        void Listen(AgentDid did) => heard++;
        using IDisposable stays = changes.Subscribe(Listen);
        changes.Subscribe(Listen).Dispose();
        changes.Report(Alice);
        Assert.That(heard, Is.EqualTo(1));
    }

    [Test]
    public async Task Many_threads_report_and_subscribe_and_nobody_misses_what_came_while_subscribed()
    {
        const int Threads = 8;
        const int Rounds = 500;
        DidChanges changes = new();
        ConcurrentDictionary<int, int> missed = new();
        int stayed = 0;
        using (changes.Subscribe(_ => Interlocked.Increment(ref stayed)))
        {
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            {
                AgentDid own = AgentDid.Parse($"did:sage:ethereum:0x{thread}");
                for (int round = 0; round < Rounds; round++)
                {
                    int heard = 0;
                    using (changes.Subscribe(did =>
                    {
                        // Other threads call this too, with their own DIDs: only what this thread reports may write.
                        if (did == own)
                        {
                            heard++;
                        }
                    }))
                    {
                        changes.Report(own);
                    }

                    changes.Report(own);
                    missed[(thread * Rounds) + round] = heard - 1;
                }
            })));
        }

        changes.Report(Alice);
        Assert.That(missed.Values, Has.Exactly(Threads * Rounds).EqualTo(0));
        Assert.That(stayed, Is.EqualTo(Threads * Rounds * 2));
    }
}
