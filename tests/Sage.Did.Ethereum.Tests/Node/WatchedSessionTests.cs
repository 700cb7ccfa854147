using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Crypto;
using Sage.Session;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>Live sessions follow the registry: two hosts as an application builds them, each with its own watcher, on one chain.</summary>
internal sealed class WatchedSessionTests
{
    private static readonly Uri Anywhere = new("http://127.0.0.1:1/");

    private RegistryChain chain = null!;
    private ChainAgent caller = null!;
    private ChainAgent callee = null!;
    private ServiceProvider answering = null!;
    private ServiceProvider asking = null!;

    [SetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync();
        caller = await ChainAgent.CreateAsync(chain);
        callee = await ChainAgent.CreateAsync(chain);
        answering = await HostAsync(callee.Local, null);
        asking = await HostAsync(caller.Local, new Loop(answering.GetRequiredService<SessionListener>()));
    }

    [TearDown]
    public async Task Stop()
    {
        foreach (ServiceProvider? provider in new[] { asking, answering })
        {
            if (provider is not null)
            {
                await Task.WhenAll(provider.GetServices<IHostedService>().Select(service => service.StopAsync(CancellationToken.None)));
                await provider.DisposeAsync();
            }
        }

        caller?.Dispose();
        callee?.Dispose();
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }
    }

    [Test]
    public async Task A_session_ends_at_the_caller_when_the_callees_key_is_revoked_although_nobody_sends()
    {
        await using AgentSession session = await OpenAsync();
        await callee.RevokeAsync();
        await Eventually.BecomesAsync(() => !session.IsOpen, "The session ends.");
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.PeerKeyRevoked));
        Assert.That(async () => await OpenAsync(), Throws.TypeOf<SessionException>());
    }

    [Test]
    public async Task A_session_ends_at_the_callee_when_the_callers_key_is_revoked_although_nobody_sends()
    {
        await using AgentSession session = await OpenAsync();
        SessionListener listener = answering.GetRequiredService<SessionListener>();
        Assert.That(listener.SessionCount, Is.EqualTo(1));
        await caller.RevokeAsync();
        await Eventually.BecomesAsync(() => listener.SessionCount == 0, "The session ends.");
        Assert.That(await ErrorAsync(session), Is.EqualTo(SessionError.Refused));
    }

    [Test]
    public async Task A_session_outlives_a_rotation_while_the_old_key_is_kept_and_ends_with_it()
    {
        await using AgentSession session = await OpenAsync();
        int heard = 0;
        using IDisposable subscription = asking.GetRequiredService<DidChanges>().Subscribe(did => heard += did == callee.Did ? 1 : 0);
        PublicKey next = await callee.AddInFrontAsync();
        await chain.SettleAsync();
        DidResolution both = await chain.Resolver().ResolveAsync(callee.Did);
        Assert.That(both.Document!.Authentication.Select(method => method.PublicKey), Is.EqualTo(new[] { next, callee.First.PublicKey }));
        await Eventually.BecomesAsync(() => Volatile.Read(ref heard) > 0, "The rotation is noticed.");
        await asking.GetRequiredService<SessionClient>().RecheckAsync(callee.Did);
        Assert.That((session.IsOpen, await ErrorAsync(session)), Is.EqualTo((true, (SessionError?)null)));
        await callee.RevokeAsync();
        await Eventually.BecomesAsync(() => !session.IsOpen, "The session ends.");
        Assert.That(await KeysAsync(callee.Did), Is.EqualTo(new[] { next }));
    }

    [Test]
    public async Task A_revocation_of_somebody_else_ends_nothing()
    {
        using ChainAgent other = await ChainAgent.CreateAsync(chain);
        await using AgentSession session = await OpenAsync();
        Assert.That(await KeysAsync(other.Did), Has.Count.EqualTo(1));
        await other.RevokeAsync();
        await Eventually.BecomesAsync(async () => (await KeysAsync(other.Did)).Count == 0, "The other's key is gone.");
        Assert.That((session.IsOpen, await ErrorAsync(session)), Is.EqualTo((true, (SessionError?)null)));
    }

    private async Task<ServiceProvider> HostAsync(LocalAgent agent, ISessionTransport? transport)
    {
        ServiceCollection services = new();
        if (transport is not null)
        {
            services.AddSingleton(transport);
        }

        services.AddSage().AddAgent(agent).AddSessions(options => options.Accept = AcceptRule.Anyone).AddEthereumRegistry(
            chain.Deployment, [chain.Anvil.Url], null, cache => cache.MaxAge = TimeSpan.FromMinutes(5), watch => watch.PollInterval = TimeSpan.FromMilliseconds(100));
        ServiceProvider provider = services.BuildServiceProvider();
        foreach (IHostedService service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return provider;
    }

    private async Task<AgentSession> OpenAsync()
    {
        AgentSession session = await asking.GetRequiredService<SessionClient>().OpenAsync(callee.Did, Anywhere);
        Assert.That(await ErrorAsync(session), Is.Null);
        return session;
    }

    private async Task<IReadOnlyList<PublicKey>> KeysAsync(AgentDid did) =>
        [.. (await asking.GetRequiredService<IDidResolver>().ResolveAsync(did)).Document?.Authentication.Select(method => method.PublicKey) ?? []];

    private static async Task<SessionError?> ErrorAsync(AgentSession session)
    {
        try
        {
            await session.RequestAsync("hello"u8.ToArray());
            return null;
        }
        catch (SessionException exception)
        {
            return exception.Error;
        }
    }

    private sealed class Loop(SessionListener listener) : ISessionTransport
    {
        public ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default) =>
            listener.HandleAsync(new SessionRequest(message.ToJson(), "192.0.2.1"), (request, _) => ValueTask.FromResult(request.Content), cancellationToken);
    }
}
