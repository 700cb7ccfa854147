using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Tests.Contracts;

namespace Sage.Session.Tests.Endpoints;

/// <summary>A container that has a store of sessions uses it, or does not start.</summary>
[TestFixture]
internal sealed class SharedSessionWiringTests
{
    [Test]
    public async Task A_registered_store_with_a_key_is_used()
    {
        using TestPair pair = new();
        using MemoryKeyStore keys = await KeysAsync("state", KeyAlgorithm.X25519);
        MemorySessionStore store = new(pair.Time);
        await using ServiceProvider provider = Build(pair, keys, store, "state");
        pair.Listener = provider.GetRequiredService<SessionListener>();
        using OpenRecordSession session = await OpenRecordSession.OpenAsync(pair);

        Assert.That(session.Open(await session.SendAsync(session.Seal("hello"))), Is.EqualTo("echo:hello"));
        Assert.That((await store.FindAsync(session.Kid))!.Version, Is.EqualTo(2));
    }

    [Test]
    public async Task A_registered_store_without_the_name_of_a_key_stops_the_start()
    {
        using TestPair pair = new();
        using MemoryKeyStore keys = await KeysAsync("state", KeyAlgorithm.X25519);
        await using ServiceProvider provider = Build(pair, keys, new MemorySessionStore(pair.Time), stateKey: null);

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("AgentSessionOptions.StateKey"));
    }

    [TestCase("other", "x25519")]
    [TestCase("state", "ed25519")]
    public async Task A_key_that_is_missing_or_of_the_wrong_kind_stops_the_listener(string name, string algorithm)
    {
        using TestPair pair = new();
        using MemoryKeyStore keys = await KeysAsync(name, algorithm == "x25519" ? KeyAlgorithm.X25519 : KeyAlgorithm.Ed25519);
        await using ServiceProvider provider = Build(pair, keys, new MemorySessionStore(pair.Time), "state");

        Assert.That(() => provider.GetRequiredService<SessionListener>(), Throws.Exception.With.Message.Contains("'state'"));
    }

    [Test]
    public async Task Without_a_store_no_key_and_no_key_store_is_needed()
    {
        using TestPair pair = new();
        await using ServiceProvider provider = Build(pair, null, null, stateKey: null);

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.Nothing);
        Assert.That(provider.GetRequiredService<SessionListener>().SessionCount, Is.Zero);
    }

    [TestCase("")]
    [TestCase("a name")]
    public void A_name_that_no_key_can_have_is_refused(string name)
    {
        Assert.That(new AgentSessionOptions { StateKey = name }.FirstProblem(), Does.Contain("StateKey"));
    }

    [Test]
    public void By_hand_a_store_needs_a_key_store_and_a_name()
    {
        using TestPair pair = new();
        using MemoryKeyStore keys = new();
        MemorySessionStore store = new(pair.Time);

        Assert.That(() => Listener(pair, store, keys), Throws.ArgumentException.With.Message.Contains("StateKey"));
        pair.Options.StateKey = "state";
        Assert.That(() => Listener(pair, store, null), Throws.ArgumentException.With.Message.Contains("StateKey"));
        Assert.That(() => Listener(pair, store, keys).Dispose(), Throws.Nothing);
    }

    private static SessionListener Listener(TestPair pair, ISessionStore store, IKeyStore? keys) =>
        new(pair.Callee.Local, pair.Directory, pair.Nonces, pair.Options, pair.Time, sessionStore: store, keyStore: keys);

    private static async Task<MemoryKeyStore> KeysAsync(string name, KeyAlgorithm algorithm)
    {
        MemoryKeyStore keys = new();
        using PrivateKey key = PrivateKey.Generate(algorithm);
        await keys.AddAsync(name, key);
        return keys;
    }

    private static ServiceProvider Build(TestPair pair, IKeyStore? keys, ISessionStore? store, string? stateKey)
    {
        ServiceCollection services = new();
        services.AddSingleton<IDidResolver>(pair.Directory).AddSingleton<TimeProvider>(pair.Time);
        if (keys is not null)
        {
            services.AddSingleton(keys);
        }

        if (store is not null)
        {
            services.AddSingleton(store);
        }

        services.AddSage().AddAgent(pair.Callee.Local).AddSessions(options => (options.Accept, options.StateKey) = (AcceptRule.Anyone, stateKey));
        return services.BuildServiceProvider();
    }
}
