using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto.Internal;
using Sage.Did.Tests.Contracts;

namespace Sage.Did.Tests.Unit.Registry;

/// <summary>When a file is read again.</summary>
[TestFixture]
internal sealed class RegistryFileReaderTests
{
    private TemporaryFolder folder = null!;
    private TestAgent agent = null!;
    private string path = null!;
    private string content = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        agent = new TestAgent();
        path = folder.File("agents.json");
        content = FileRegistryFactory.FileOf(agent.Record());
    }

    [TearDown]
    public void TearDown()
    {
        folder.Dispose();
        agent.Dispose();
    }

    [Test]
    public async Task A_file_that_is_too_young_for_its_stamp_is_read_again_each_time()
    {
        await File.WriteAllTextAsync(path, content);
        RegistryFileReader young = Reader(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-1)));
        RegistryFile first = await young.GetAsync(default);
        Assert.That(young.TryGetCurrent(), Is.Null);
        Assert.That(await young.GetAsync(default), Is.SameAs(first), "the same bytes are not taken apart again");

        RegistryFileReader old = Reader(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1)));
        RegistryFile read = await old.GetAsync(default);
        Assert.That(old.TryGetCurrent(), Is.SameAs(read));
    }

    [Test]
    public async Task A_writer_that_does_not_replace_the_file_may_finish_within_a_moment()
    {
        await File.WriteAllTextAsync(path, content[..40]);
        SignallingClock clock = new();
        Task<RegistryFile> reading = Reader(clock).GetAsync(default).AsTask();
        Assert.That(await Task.WhenAny(clock.Waited.Task, reading), Is.SameAs(clock.Waited.Task));
        await File.WriteAllTextAsync(path, content);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That((await reading).Find(agent.Did), Is.Not.Null);
    }

    [Test]
    public async Task A_file_known_to_be_malformed_is_not_waited_for_again()
    {
        await File.WriteAllTextAsync(path, content[..40]);
        SignallingClock clock = new(TimeProvider.System.GetUtcNow().AddDays(1));
        RegistryFileReader reader = Reader(clock);
        Assert.That(() => reader.GetAsync(default).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(() => reader.GetAsync(default).AsTask(), Throws.TypeOf<DidResolutionException>());
        Assert.That(clock.Waited.Task.IsCompleted, Is.False);
    }

    [TestCase(49, 500, false)]
    [TestCase(51, 500, true)]
    [TestCase(-1000, 500, false)]
    [TestCase(1999, 0, false)]
    [TestCase(2001, 0, true)]
    public void A_stamp_settles_after_the_granularity_of_its_clock(int age, int millisecond, bool settled)
    {
        DateTimeOffset time = TestAgent.Born.AddMilliseconds(millisecond);
        long nanoseconds = (time - DateTimeOffset.UnixEpoch).Ticks * 100;
        FileStamp changed = new(1, 5, nanoseconds, Inode: 7, Device: 1);
        FileStamp modified = new(1, nanoseconds, 5, Inode: 0, Device: 0);
        Assert.That(changed.IsSettledAt(time.AddMilliseconds(age)), Is.EqualTo(settled));
        Assert.That(modified.IsSettledAt(time.AddMilliseconds(age)), Is.EqualTo(settled));
    }

    private RegistryFileReader Reader(TimeProvider clock) => new(path, clock, NullLogger.Instance);

    /// <summary>Says when somebody begins to wait for it.</summary>
    private sealed class SignallingClock(DateTimeOffset? start = null) : FakeTimeProvider(start ?? TestAgent.Born)
    {
        public TaskCompletionSource Waited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Waited.TrySetResult();
            return timer;
        }
    }
}
