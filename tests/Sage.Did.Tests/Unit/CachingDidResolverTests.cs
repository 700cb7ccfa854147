using Microsoft.Extensions.Time.Testing;

namespace Sage.Did.Tests.Unit;

[TestFixture]
internal sealed class CachingDidResolverTests
{
    private FakeTimeProvider clock = null!;
    private FakeSource source = null!;
    private CachingDidResolver cache = null!;
    private TestAgent agent = null!;

    [SetUp]
    public void SetUp()
    {
        clock = new FakeTimeProvider(TestAgent.Born);
        source = new FakeSource(clock);
        cache = new CachingDidResolver(source, timeProvider: clock);
        agent = new TestAgent();
    }

    [TearDown]
    public void TearDown() => agent.Dispose();

    [Test]
    public async Task An_answer_is_given_from_memory_until_its_greatest_age_and_not_longer()
    {
        source.Publish(agent.Record());
        DidResolution first = await cache.ResolveAsync(agent.Did);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(await cache.ResolveAsync(agent.Did), Is.SameAs(first));
        Assert.That(source.Calls, Is.EqualTo(1));

        clock.Advance(TimeSpan.FromTicks(1));
        DidResolution second = await cache.ResolveAsync(agent.Did);
        Assert.That((source.Calls, second.ObservedAt), Is.EqualTo((2, clock.GetUtcNow())));
    }

    [Test]
    public async Task An_unknown_DID_is_remembered_for_a_shorter_time()
    {
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        source.Publish(agent.Record());
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That(source.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Everything_may_be_forgotten_at_once_also_what_is_being_looked_up()
    {
        using TestAgent other = new();
        source.Publish(agent.Record());
        source.Publish(other.Record());
        await cache.ResolveAsync(agent.Did);
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution> underWay = cache.ResolveAsync(other.Did).AsTask();
        Assert.That(() => source.Calls, Is.EqualTo(2).After(10_000, 5));
        cache.EvictAll();
        gate.SetResult();
        await underWay;
        await cache.ResolveAsync(agent.Did);
        await cache.ResolveAsync(other.Did);
        Assert.That(source.Calls, Is.EqualTo(4));
    }

    [Test]
    public async Task When_the_source_is_down_a_young_answer_is_given_and_an_old_one_is_not()
    {
        source.Publish(agent.Record());
        await cache.ResolveAsync(agent.Did);
        source.IsDown = true;
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That(() => cache.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        source.IsDown = false;
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved), "a failure is not remembered");
    }

    [Test]
    public async Task The_age_counts_from_what_the_source_saw_not_from_when_it_was_asked()
    {
        source.Publish(agent.Record());
        source.Age = TimeSpan.FromMinutes(4);
        await cache.ResolveAsync(agent.Did);
        clock.Advance(TimeSpan.FromMinutes(1));
        await cache.ResolveAsync(agent.Did);
        Assert.That(source.Calls, Is.EqualTo(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        await cache.ResolveAsync(agent.Did);
        Assert.That(source.Calls, Is.EqualTo(2));

        source.Age = TimeSpan.FromMinutes(6);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That(() => cache.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>(), "a source that knows old things only");
    }

    [Test]
    public async Task A_clock_that_is_set_back_makes_no_answer_younger()
    {
        SettableClock settable = new() { Now = TestAgent.Born };
        FakeSource settableSource = new(settable);
        CachingDidResolver settableCache = new(settableSource, timeProvider: settable);
        settableSource.Publish(agent.Record());
        await settableCache.ResolveAsync(agent.Did);

        settable.Now -= TimeSpan.FromHours(1);
        settable.Timestamp += TimeSpan.FromMinutes(6).Ticks;
        await settableCache.ResolveAsync(agent.Did);
        Assert.That(settableSource.Calls, Is.EqualTo(2), "the wall clock went back, time went on");

        settable.Now += TimeSpan.FromMinutes(6);
        await settableCache.ResolveAsync(agent.Did);
        Assert.That(settableSource.Calls, Is.EqualTo(3), "the machine slept, only the wall clock saw it");
    }

    [Test]
    public async Task All_who_wait_for_a_DID_share_one_look_up()
    {
        source.Publish(agent.Record());
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => cache.ResolveAsync(agent.Did).AsTask())];
        Assert.That(waiting, Has.All.Property(nameof(Task.IsCompleted)).False);
        gate.SetResult();
        DidResolution[] answers = await Task.WhenAll(waiting);
        Assert.That(answers, Is.All.SameAs(answers[0]));
        Assert.That(source.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task The_look_up_survives_the_caller_who_began_it()
    {
        source.Publish(agent.Record());
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        using CancellationTokenSource impatience = new();
        Task<DidResolution> first = cache.ResolveAsync(agent.Did, impatience.Token).AsTask();
        Task<DidResolution> second = cache.ResolveAsync(agent.Did).AsTask();
        await impatience.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        Assert.That((await second).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        Assert.That(source.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_source_that_does_not_answer_is_given_up()
    {
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution> waiting = cache.ResolveAsync(agent.Did).AsTask();
        await source.Begun.Task;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(async () => await waiting, Throws.TypeOf<DidResolutionException>());
        source.Gate = Task.CompletedTask;
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        gate.SetResult();
    }

    [Test]
    public async Task Only_so_many_look_ups_are_under_way_at_once()
    {
        CachingDidResolver small = new(source, new CachingDidResolverOptions { Capacity = 2 }, clock);
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution>[] waiting = [small.ResolveAsync(Did(1)).AsTask(), small.ResolveAsync(Did(2)).AsTask()];
        Assert.That(() => small.ResolveAsync(Did(3)).AsTask(), Throws.TypeOf<DidResolutionException>());
        gate.SetResult();
        await Task.WhenAll(waiting);
        Assert.That((await small.ResolveAsync(Did(3))).Status, Is.EqualTo(DidResolutionStatus.NotFound));
    }

    [Test]
    public async Task A_deactivation_seen_elsewhere_wins_over_the_cache_and_over_a_source_that_does_not_know_it()
    {
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        AgentRecord gone = agent.Signed(first, first with { IsActive = false }, "deactivate");
        source.Publish(first);
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));

        cache.Observe(gone);
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        clock.Advance(TimeSpan.FromDays(30));
        DidResolution later = await cache.ResolveAsync(agent.Did);
        Assert.That((later.Status, later.HandshakeSigningKey), Is.EqualTo((DidResolutionStatus.Deactivated, (Crypto.PublicKey?)null)));
        cache.Evict(agent.Did);
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        cache.Observe(first);
        cache.Observe(DidResolution.FromRecord(agent.Did, first, "elsewhere", clock.GetUtcNow()));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
    }

    [Test]
    public async Task A_deactivation_seen_during_a_look_up_wins_over_its_answer()
    {
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        source.Publish(first);
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution> waiting = cache.ResolveAsync(agent.Did).AsTask();
        await source.Begun.Task;
        cache.Observe(agent.Signed(first, first with { IsActive = false }, "deactivate"));
        gate.SetResult();
        Assert.That((await waiting).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
    }

    [Test]
    public async Task A_revoked_key_seen_elsewhere_is_gone_at_once_and_a_source_behind_it_is_not_believed()
    {
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        AgentRecord second = agent.Signed(
            first, first with { Keys = [], Revoked = [agent.Signer.PublicKey.Export()] }, "revoke_key");
        source.Publish(first);
        Assert.That((await cache.ResolveAsync(agent.Did)).HandshakeSigningKey, Is.EqualTo(agent.Signer.PublicKey));
        cache.Observe(second);
        Assert.That((await cache.ResolveAsync(agent.Did)).HandshakeSigningKey, Is.Null);

        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.That(() => cache.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
        source.Publish(first with { Version = 0, OwnerProof = null });
        Assert.That(() => cache.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>(), "nor one that does not count");
        source.Publish(second);
        Assert.That((await cache.ResolveAsync(agent.Did)).VersionId, Is.EqualTo("2"));
    }

    [Test]
    public async Task A_version_once_seen_from_the_source_is_never_taken_back()
    {
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        source.Publish(agent.Signed(first, first with { Name = "second" }, "update"));
        Assert.That((await cache.ResolveAsync(agent.Did)).VersionId, Is.EqualTo("2"));
        source.Publish(first);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.That(() => cache.ResolveAsync(agent.Did).AsTask(), Throws.TypeOf<DidResolutionException>());
    }

    [Test]
    public async Task What_a_stranger_shows_counts_only_with_the_owners_proof()
    {
        using TestAgent stranger = new();
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        source.Publish(first);
        await cache.ResolveAsync(agent.Did);
        cache.Observe(first with { IsActive = false, Version = 9, OwnerProof = null });
        cache.Observe(agent.Signed(first, first with { IsActive = false }, "deactivate", stranger.Owner));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
    }

    [Test]
    public async Task Where_versions_are_not_counted_the_source_may_take_a_deactivation_back_later()
    {
        AgentRecord record = agent.Record();
        source.Publish(record with { IsActive = false });
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        source.Publish(record);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Resolved));
        source.Age = TimeSpan.FromMinutes(1);
        cache.Observe(DidResolution.FromRecord(agent.Did, record with { IsActive = false }, "elsewhere", clock.GetUtcNow()));
        cache.Evict(agent.Did);
        Assert.That((await cache.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated), "but not with an earlier observation");
    }

    [Test]
    public async Task An_evicted_answer_is_asked_for_again_even_when_a_look_up_is_under_way()
    {
        source.Publish(agent.Record());
        TaskCompletionSource gate = new();
        source.Gate = gate.Task;
        Task<DidResolution> before = cache.ResolveAsync(agent.Did).AsTask();
        await source.Begun.Task;
        cache.Evict(agent.Did);
        source.Gate = Task.CompletedTask;
        source.Publish(agent.Record() with { Name = "later" });
        DidResolution after = await cache.ResolveAsync(agent.Did);
        gate.SetResult();
        await before;
        Assert.That(after.Record!.Name, Is.EqualTo("later"));
        Assert.That((await cache.ResolveAsync(agent.Did)).Record!.Name, Is.EqualTo("later"));
        Assert.That(source.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Memory_is_bounded_and_knowledge_of_a_deactivation_outlives_the_answers()
    {
        CachingDidResolver small = new(source, new CachingDidResolverOptions { Capacity = 64 }, clock);
        AgentRecord first = agent.Signed(null, agent.Record(), "register");
        small.Observe(agent.Signed(first, first with { IsActive = false }, "deactivate"));
        for (int i = 0; i < 1000; i++)
        {
            await small.ResolveAsync(Did(i));
        }

        int calls = source.Calls;
        source.Publish(first);
        Assert.That((await small.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        Assert.That(source.Calls, Is.EqualTo(calls + 1), "the answer itself was forgotten");
        await small.ResolveAsync(Did(0));
        Assert.That(source.Calls, Is.EqualTo(calls + 2), "and so was the oldest");
        await small.ResolveAsync(Did(999));
        Assert.That(source.Calls, Is.EqualTo(calls + 2), "but not the latest");
    }

    [Test]
    public async Task Many_threads_with_many_DIDs_get_the_right_answers()
    {
        CachingDidResolver small = new(source, new CachingDidResolverOptions { Capacity = 16 }, clock);
        AgentDid[] dids = [.. Enumerable.Range(0, 64).Select(Did)];
        foreach (AgentDid did in dids.Where((_, i) => i % 2 == 0))
        {
            source.Publish(new AgentRecord { Did = did });
        }

        await Parallel.ForAsync(0, 5_000, async (i, token) =>
        {
            AgentDid did = dids[i * 7 % 64];
            DidResolution resolution = await small.ResolveAsync(did, token);
            if (i % 97 == 0)
            {
                small.Evict(did);
            }

            Assert.That((resolution.Did, resolution.Status), Is.EqualTo((did, i * 7 % 64 % 2 == 0 ? DidResolutionStatus.Resolved : DidResolutionStatus.NotFound)));
        });
    }

    [Test]
    public async Task The_cached_path_allocates_nothing()
    {
        source.Publish(agent.Record());
        CachingDidResolver real = new(source);
        source.Age = -(TimeProvider.System.GetUtcNow() - clock.GetUtcNow());
        await real.ResolveAsync(agent.Did);
        Resolve(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Resolve(1000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(source.Calls, Is.EqualTo(1));

        void Resolve(int times)
        {
            for (int i = 0; i < times; i++)
            {
                ValueTask<DidResolution> resolution = real.ResolveAsync(agent.Did);
                if (!resolution.IsCompletedSuccessfully || resolution.Result.HandshakeSigningKey is null)
                {
                    throw new AssertionException("no key");
                }
            }
        }
    }

    [Test]
    public void Options_out_of_range_are_refused()
    {
        CachingDidResolverOptions[] wrong =
        [
            new() { MaxAge = TimeSpan.Zero },
            new() { NegativeMaxAge = TimeSpan.FromSeconds(-1) },
            new() { Capacity = 1 },
            new() { Timeout = TimeSpan.Zero },
        ];
        foreach (CachingDidResolverOptions options in wrong)
        {
            Assert.That(() => new CachingDidResolver(source, options), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void A_source_that_answers_for_another_DID_is_not_believed()
    {
        CachingDidResolver confused = new(new Confused(agent.Did), timeProvider: clock);
        Assert.That(() => confused.ResolveAsync(Did(1)).AsTask(), Throws.TypeOf<DidResolutionException>());
    }

    private static AgentDid Did(int i) => AgentDid.Parse($"did:sage:ethereum:agent-{i}");

    private sealed class Confused(AgentDid other) : IDidResolver
    {
        public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new DidResolution(other, DidResolutionStatus.NotFound, "confused", default));
    }

    /// <summary>A wall clock and a stopwatch that move apart.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public long Timestamp { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Timestamp;
    }
}
