using Sage.Crypto;

namespace Sage.Tests.Contracts;

/// <summary>What every <see cref="INonceStore"/> owes its callers.</summary>
public abstract class NonceStoreContract
{
    /// <summary>How many nonces the threads of the race compete for.</summary>
    protected virtual int RaceSize => 1_000_000;

    /// <summary>What the clock of the store shows.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>An empty store with room for <paramref name="capacity"/> nonces, a tenth of it per scope.</summary>
    protected abstract INonceStore Create(int capacity);

    /// <summary>Moves the clock of the store.</summary>
    protected abstract void Advance(TimeSpan by);

    [Test]
    public async Task A_nonce_is_accepted_once()
    {
        INonceStore store = Create(100);
        DateTimeOffset until = Now.AddMinutes(5);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", until.AddYears(1)), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task Scopes_do_not_share_nonces()
    {
        INonceStore store = Create(100);
        DateTimeOffset until = Now.AddMinutes(5);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("other", "nonce", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scopen", "once", until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("SCOPE", "nonce", until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task Nonces_are_compared_unit_by_unit()
    {
        INonceStore store = Create(1000);
        DateTimeOffset until = Now.AddMinutes(5);
        string[] nonces = ["n", "N", "n ", " n", "n\0", "é", "e\u0301", "\ud800", "ﬁ", "fi", new string('n', 1024), new string('n', 1023)];

        foreach (string nonce in nonces)
        {
            Assert.That(await store.TryConsumeAsync("scope", nonce, until), Is.EqualTo(NonceResult.Accepted), nonce);
            Assert.That(await store.TryConsumeAsync("scope", nonce, until), Is.EqualTo(NonceResult.Replayed), nonce);
        }
    }

    [Test]
    public async Task A_nonce_is_remembered_until_its_time_and_then_forgotten()
    {
        INonceStore store = Create(100);
        TimeSpan life = TimeSpan.FromMinutes(5);
        await store.TryConsumeAsync("scope", "nonce", Now + life);

        Advance(life - TimeSpan.FromMilliseconds(1));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Now + life), Is.EqualTo(NonceResult.Replayed));

        Advance(TimeSpan.FromMinutes(1));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Now + life), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Now + life), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_nonce_accepted_at_its_last_moment_is_still_accepted_once()
    {
        INonceStore store = Create(100);

        Assert.That(await store.TryConsumeAsync("scope", "nonce", Now), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Now), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_scope_gets_a_tenth_and_the_others_keep_theirs()
    {
        INonceStore store = Create(100);
        DateTimeOffset until = Now.AddMinutes(5);
        for (int i = 0; i < 10; i++)
        {
            Assert.That(await store.TryConsumeAsync("greedy", $"{i}", until), Is.EqualTo(NonceResult.Accepted));
        }

        Assert.That(await store.TryConsumeAsync("greedy", "one more", until), Is.EqualTo(NonceResult.Full));
        Assert.That(await store.TryConsumeAsync("greedy", "3", until), Is.EqualTo(NonceResult.Replayed));
        Assert.That(await store.TryConsumeAsync("modest", "one more", until), Is.EqualTo(NonceResult.Accepted));
    }

    [Test]
    public async Task A_full_store_refuses_and_forgets_nothing()
    {
        INonceStore store = Create(100);
        DateTimeOffset until = Now.AddMinutes(5);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(await store.TryConsumeAsync($"scope {i / 10}", $"{i}", until), Is.EqualTo(NonceResult.Accepted));
        }

        for (int i = 0; i < 1000; i++)
        {
            Assert.That(await store.TryConsumeAsync($"new scope {i}", $"{i}", until), Is.EqualTo(NonceResult.Full));
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.That(await store.TryConsumeAsync($"scope {i / 10}", $"{i}", until), Is.EqualTo(NonceResult.Replayed));
        }
    }

    [Test]
    public async Task A_full_store_has_room_again_when_nonces_expire()
    {
        INonceStore store = Create(100);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 100; i++)
            {
                NonceResult result = await store.TryConsumeAsync($"scope {i / 10}", $"{round}-{i}", Now.AddMinutes(5));
                Assert.That(result, Is.EqualTo(NonceResult.Accepted), $"{round}-{i}");
            }

            Assert.That(await store.TryConsumeAsync("scope 0", "more", Now.AddMinutes(5)), Is.EqualTo(NonceResult.Full));
            Advance(TimeSpan.FromMinutes(6));
        }
    }

    [Test]
    public void Empty_and_overlong_arguments_are_misuse()
    {
        INonceStore store = Create(100);
        DateTimeOffset until = Now.AddMinutes(5);
        string tooLong = new('x', 1025);

        Assert.That(async () => await store.TryConsumeAsync("", "nonce", until), Throws.ArgumentException);
        Assert.That(async () => await store.TryConsumeAsync("scope", "", until), Throws.ArgumentException);
        Assert.That(async () => await store.TryConsumeAsync(tooLong, "nonce", until), Throws.ArgumentException);
        Assert.That(async () => await store.TryConsumeAsync("scope", tooLong, until), Throws.ArgumentException);
        Assert.That(async () => await store.TryConsumeAsync(null!, "nonce", until), Throws.ArgumentNullException);
        Assert.That(async () => await store.TryConsumeAsync("scope", null!, until), Throws.ArgumentNullException);
    }

    [Test]
    public void A_cancelled_call_throws()
    {
        INonceStore store = Create(100);

        Assert.That(
            async () => await store.TryConsumeAsync("scope", "nonce", Now.AddMinutes(5), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Eight_threads_with_the_same_nonces_get_each_accepted_exactly_once()
    {
        const int Threads = 8;
        int size = RaceSize;
        INonceStore store = Create(size);
        DateTimeOffset until = Now.AddMinutes(5);
        string[] scopes = [.. Enumerable.Range(0, 20).Select(i => $"did:example:verifier|did:example:peer-{i}|key-1")];
        string[] nonces = [.. Enumerable.Range(0, size).Select(i => $"nonce-{i}")];
        int[] accepted = new int[size];
        int refused = 0;
        using Barrier start = new(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < size; i++)
            {
                NonceResult result = store.TryConsumeAsync(scopes[i % scopes.Length], nonces[i], until).AsTask().GetAwaiter().GetResult();
                if (result == NonceResult.Accepted)
                {
                    Interlocked.Increment(ref accepted[i]);
                }
                else if (result == NonceResult.Full)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.That(refused, Is.Zero);
        Assert.That(accepted, Is.All.EqualTo(1));
    }
}
