using Microsoft.Extensions.Time.Testing;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.KeyDirectories;

/// <summary>How long an answer is used, what replaces it, and who waits for whom.</summary>
[TestFixture]
internal sealed class KeyDirectoryCacheTests
{
    private static readonly PublicKey Key = NewKey();

    private FakeTimeProvider time = null!;

    [SetUp]
    public void SetUp() => time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    [TestCase(null, 600)]
    [TestCase("max-age=3600", 3600)]
    [TestCase("max-age=3600, must-revalidate", 3600)]
    [TestCase("public", 600)]
    [TestCase("max-age=0", 60)]
    [TestCase("max-age=10", 60)]
    [TestCase("max-age=2000000000", 86_400)]
    [TestCase("max-age=99999999999999", 600)]
    [TestCase("no-store", 60)]
    [TestCase("no-store, max-age=3600", 60)]
    [TestCase("no-cache", 60)]
    public async Task A_directory_is_used_as_long_as_its_server_says_within_bounds(string? cacheControl, int seconds)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys(cacheControl, Key));
        using KeyDirectoryClient client = Client();
        DateTimeOffset start = time.GetUtcNow();
        await FoundAsync(client, server, start);
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await FoundAsync(client, server, start);
        Assert.That(server.Requests, Is.EqualTo(1));

        time.Advance(TimeSpan.FromMilliseconds(1));
        await FoundAsync(client, server, time.GetUtcNow());
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task The_time_an_answer_spent_in_a_shared_cache_counts()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
        {
            context.Response.Headers.Age = "3000";
            return DirectoryServer.Keys("max-age=3600", Key)(context);
        });
        using KeyDirectoryClient client = Client();
        await StatusAsync(client, server);
        time.Advance(TimeSpan.FromSeconds(601));
        await StatusAsync(client, server);

        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_clock_that_is_set_back_does_not_make_a_directory_younger()
    {
        SettableTime clock = new(time.GetUtcNow());
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys("max-age=600", Key));
        using KeyDirectoryClient client = new(new KeyDirectoryClientOptions { Endpoints = DirectoryServer.Local }, clock);
        await StatusAsync(client, server);
        clock.Now -= TimeSpan.FromHours(1);
        clock.Elapsed += TimeSpan.FromMinutes(10);
        await StatusAsync(client, server);

        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task An_unchanged_directory_is_asked_for_by_its_tag_and_used_on()
    {
        List<string> tags = [];
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
        {
            tags.Add(context.Request.Headers.IfNoneMatch.ToString());
            context.Response.Headers.ETag = "\"v1\"";
            return tags[^1] == "\"v1\"" ? DirectoryServer.Status(304)(context) : DirectoryServer.Keys("max-age=120", Key)(context);
        });
        using KeyDirectoryClient client = Client();
        for (int i = 0; i < 3; i++)
        {
            await FoundAsync(client, server, time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(120));
        }

        Assert.That(tags, Is.EqualTo(new[] { "", "\"v1\"", "\"v1\"" }));
    }

    [Test]
    public async Task A_directory_that_must_not_be_stored_is_asked_for_whole()
    {
        List<string> tags = [];
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
        {
            tags.Add(context.Request.Headers.IfNoneMatch.ToString());
            context.Response.Headers.ETag = "\"v1\"";
            return DirectoryServer.Keys("no-store", Key)(context);
        });
        using KeyDirectoryClient client = Client();
        await StatusAsync(client, server);
        time.Advance(TimeSpan.FromMinutes(1));
        await StatusAsync(client, server);

        Assert.That(tags, Is.EqualTo(new[] { "", "" }));
    }

    [Test]
    public async Task A_directory_without_the_key_replaces_the_one_that_had_it()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys("max-age=60", Key));
        using KeyDirectoryClient client = Client();
        await StatusAsync(client, server);
        server.Answer = DirectoryServer.Keys("max-age=60", NewKey());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.KeyNotFound));

        server.Answer = DirectoryServer.Status(500);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.Unreachable));
    }

    [TestCase(500, KeyDirectoryStatus.Unreachable)]
    [TestCase(404, KeyDirectoryStatus.Invalid)]
    [TestCase(302, KeyDirectoryStatus.Invalid)]
    public async Task A_failed_fetch_takes_nothing_away_until_a_day_has_passed(int status, KeyDirectoryStatus afterwards)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys("max-age=60", Key));
        using KeyDirectoryClient client = Client();
        DateTimeOffset start = time.GetUtcNow();
        await StatusAsync(client, server);
        server.Answer = DirectoryServer.Status(status);
        time.Advance(TimeSpan.FromMinutes(2));
        await FoundAsync(client, server, start);
        Assert.That(server.Requests, Is.EqualTo(2));
        Assert.That((await client.FindKeyAsync(server.Agent(), NewKey().Thumbprint)).Status, Is.EqualTo(afterwards), "that a key is missing is not known");
        Assert.That(server.Requests, Is.EqualTo(2));

        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));
        await FoundAsync(client, server, start);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(afterwards));

        server.Answer = DirectoryServer.Keys(null, Key);
        time.Advance(TimeSpan.FromMinutes(1));
        await FoundAsync(client, server, time.GetUtcNow());
    }

    [TestCase("no-store")]
    [TestCase("no-cache")]
    [TestCase("max-age=60, must-revalidate")]
    public async Task A_directory_that_says_so_is_not_used_when_it_cannot_be_fetched_again(string cacheControl)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys(cacheControl, Key));
        using KeyDirectoryClient client = Client();
        await StatusAsync(client, server);
        server.Answer = DirectoryServer.Status(500);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.Unreachable));
    }

    [Test]
    public async Task A_key_is_used_until_its_own_end_and_no_longer()
    {
        byte[] document = new KeyDirectory([new DirectoryKey(Key, time.GetUtcNow().AddMinutes(5), time.GetUtcNow().AddMinutes(10))]).ToJson();
        await using DirectoryServer server = await DirectoryServer.StartAsync(context => DirectoryServer.WriteAsync(context, document, KeyDirectory.MediaType, "max-age=86400"));
        using KeyDirectoryClient client = Client();
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.KeyNotFound));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.Found));

        server.Answer = DirectoryServer.Status(500);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.KeyNotFound));
    }

    [Test]
    public async Task A_missing_key_is_asked_for_once_a_minute_whatever_its_id()
    {
        PublicKey later = NewKey();
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys("max-age=3600", Key));
        using KeyDirectoryClient client = Client();
        for (int i = 0; i < 20; i++)
        {
            Assert.That((await client.FindKeyAsync(server.Agent(), NewKey().Thumbprint)).Status, Is.EqualTo(KeyDirectoryStatus.KeyNotFound));
        }

        Assert.That(server.Requests, Is.EqualTo(1));
        server.Answer = DirectoryServer.Keys("max-age=3600", Key, later);
        time.Advance(TimeSpan.FromMilliseconds(59_999));
        Assert.That((await client.FindKeyAsync(server.Agent(), later.Thumbprint)).Status, Is.EqualTo(KeyDirectoryStatus.KeyNotFound));
        Assert.That(server.Requests, Is.EqualTo(1));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((await client.FindKeyAsync(server.Agent(), later.Thumbprint)).Status, Is.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [TestCase(500, KeyDirectoryStatus.Unreachable)]
    [TestCase(404, KeyDirectoryStatus.Invalid)]
    public async Task A_failure_is_remembered_for_a_minute(int status, KeyDirectoryStatus expected)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Status(status));
        using KeyDirectoryClient client = Client();
        for (int i = 0; i < 6; i++)
        {
            Assert.That(await StatusAsync(client, server), Is.EqualTo(expected));
            time.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.That(server.Requests, Is.EqualTo(1));
        server.Answer = DirectoryServer.Keys(null, Key);
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.Found));
    }

    [Test]
    public async Task The_same_url_read_in_two_ways_is_two_directories()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
            DirectoryServer.WriteAsync(context, new KeyDirectory([new DirectoryKey(Key)]).ToJson(), "application/json"));
        using KeyDirectoryClient client = Client();

        Assert.That((await client.FindKeyAsync(server.Agent(KeyDirectory.WellKnownPath, "jwks_uri"), Key.Thumbprint)).Status, Is.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(await StatusAsync(client, server), Is.EqualTo(KeyDirectoryStatus.Invalid));
    }

    [Test]
    public async Task Different_spellings_of_a_url_are_one_directory()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        using KeyDirectoryClient client = Client();
        foreach (string path in new[] { "/keys/a~b", "/keys/a%7eb", "/keys/./a~b", "/keys/x/../a%7Eb" })
        {
            Assert.That((await client.FindKeyAsync(server.Agent(path, "jwks_uri"), Key.Thumbprint)).Status, Is.EqualTo(KeyDirectoryStatus.Found));
        }

        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Eight_threads_wait_for_one_fetch()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DirectoryServer server = await DirectoryServer.StartAsync(async context =>
        {
            await release.Task;
            await DirectoryServer.Keys(null, Key)(context);
        });
        using KeyDirectoryClient client = Client();
        using Barrier barrier = new(8);
        Task<KeyDirectoryLookup>[] lookups = new Task<KeyDirectoryLookup>[8];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            lookups[i] = client.FindKeyAsync(server.Agent(), Key.Thumbprint).AsTask();
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        release.SetResult();
        KeyDirectoryLookup[] found = await Task.WhenAll(lookups);

        Assert.That(found.Select(lookup => lookup.Status), Is.All.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_stops_waiting_does_not_end_the_fetch_for_the_others()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DirectoryServer server = await DirectoryServer.StartAsync(async context =>
        {
            await release.Task;
            await DirectoryServer.Keys(null, Key)(context);
        });
        using KeyDirectoryClient client = Client();
        using CancellationTokenSource cancel = new();
        Task<KeyDirectoryLookup> impatient = client.FindKeyAsync(server.Agent(), Key.Thumbprint, cancel.Token).AsTask();
        Task<KeyDirectoryLookup> patient = client.FindKeyAsync(server.Agent(), Key.Thumbprint).AsTask();
        await cancel.CancelAsync();
        Assert.That(() => impatient, Throws.InstanceOf<OperationCanceledException>());
        release.SetResult();

        Assert.That((await patient).Status, Is.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task One_slow_host_gets_an_eighth_of_the_places_and_nothing_is_remembered_for_want_of_one()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DirectoryServer slow = await DirectoryServer.StartAsync(async context =>
        {
            await release.Task;
            await DirectoryServer.Keys(null, Key)(context);
        });
        await using DirectoryServer quick = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        using KeyDirectoryClient client = Client(options => options.MaxFetches = 16);
        Task<KeyDirectoryLookup>[] waiting = [.. Enumerable.Range(0, 2).Select(i => client.FindKeyAsync(slow.Agent($"/{i}", "jwks_uri"), Key.Thumbprint).AsTask())];
        ValueTask<KeyDirectoryLookup> refused = client.FindKeyAsync(slow.Agent("/2", "jwks_uri"), Key.Thumbprint);
        Assert.That(refused.IsCompleted, "it waits for nothing");
        KeyDirectoryStatus third = (await refused).Status;
        KeyDirectoryStatus other = await StatusAsync(client, quick);
        release.SetResult();
        await Task.WhenAll(waiting);
        KeyDirectoryStatus again = (await client.FindKeyAsync(slow.Agent("/2", "jwks_uri"), Key.Thumbprint)).Status;

        Assert.That((third, other, again), Is.EqualTo((KeyDirectoryStatus.Unreachable, KeyDirectoryStatus.Found, KeyDirectoryStatus.Found)));
    }

    [Test]
    public async Task The_least_recently_used_directory_makes_room_and_a_failure_before_it()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
            context.Request.Path == "/none" ? DirectoryServer.Status(404)(context) : DirectoryServer.Keys("max-age=3600", Key)(context));
        using KeyDirectoryClient client = Client(options => options.Capacity = 2);
        int[] requests = new int[7];
        string[] paths = ["/a", "/none", "/b", "/a", "/c", "/a", "/b"];
        for (int i = 0; i < paths.Length; i++)
        {
            await client.FindKeyAsync(server.Agent(paths[i], "jwks_uri"), Key.Thumbprint);
            requests[i] = server.Requests;
        }

        Assert.That(requests, Is.EqualTo(new[] { 1, 2, 3, 3, 4, 4, 5 }));
    }

    [Test]
    public async Task A_disposed_client_ends_what_is_under_way_and_finds_nothing_more()
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DirectoryServer server = await DirectoryServer.StartAsync(async context =>
        {
            arrived.SetResult();
            TaskCompletionSource never = new();
            await never.Task.WaitAsync(context.RequestAborted);
        });
        KeyDirectoryClient client = Client();
        Task<KeyDirectoryLookup> waiting = client.FindKeyAsync(server.Agent(), Key.Thumbprint).AsTask();
        await arrived.Task;
        client.Dispose();

        Assert.That((await waiting).Status, Is.EqualTo(KeyDirectoryStatus.Unreachable));
        Assert.That(() => client.FindKeyAsync(server.Agent(), Key.Thumbprint), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void An_option_out_of_its_range_is_refused()
    {
        Action<KeyDirectoryClientOptions>[] wrong =
        [
            options => options.Timeout = TimeSpan.Zero,
            options => options.Timeout = TimeSpan.FromMinutes(2),
            options => options.DefaultFreshness = TimeSpan.FromSeconds(59),
            options => options.MaxFreshness = TimeSpan.FromHours(25),
            options => options.MaxStaleAge = TimeSpan.FromHours(25),
            options => options.FailureAge = TimeSpan.FromMinutes(6),
            options => options.Capacity = 0,
            options => options.MaxFetches = 0,
        ];
        foreach (Action<KeyDirectoryClientOptions> set in wrong)
        {
            Assert.That(() => Client(set), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }

        Assert.That(() => Client(options => options.Endpoints = null!), Throws.ArgumentNullException);
    }

    private static async Task FoundAsync(KeyDirectoryClient client, DirectoryServer server, DateTimeOffset observedAt)
    {
        KeyDirectoryLookup lookup = await client.FindKeyAsync(server.Agent(), Key.Thumbprint);
        Assert.That((lookup.Status, lookup.ObservedAt), Is.EqualTo((KeyDirectoryStatus.Found, observedAt)));
    }

    private static async Task<KeyDirectoryStatus> StatusAsync(KeyDirectoryClient client, DirectoryServer server) =>
        (await client.FindKeyAsync(server.Agent(), Key.Thumbprint)).Status;

    private static PublicKey NewKey()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        return key.PublicKey;
    }

    private KeyDirectoryClient Client(Action<KeyDirectoryClientOptions>? set = null)
    {
        KeyDirectoryClientOptions options = new() { Endpoints = DirectoryServer.Local };
        set?.Invoke(options);
        return new KeyDirectoryClient(options, time);
    }

    /// <summary>A clock whose two hands move apart.</summary>
    private sealed class SettableTime(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
