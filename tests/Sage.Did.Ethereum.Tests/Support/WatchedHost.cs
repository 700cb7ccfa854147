using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sage.Did.Ethereum.Tests;

/// <summary>What one process has in front of a node: resolver, cache, and a watcher that runs. A test may count, cut off or delay what the node says.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly IDisposable subscription;
    private readonly Task run;
    private readonly RegistryWatcher watcher;
    private int requests;

    public WatchedHost(RegistryChain chain, TimeSpan? pollInterval = null, TimeSpan? cacheAge = null)
    {
        Rpc = new RpcDecorator(chain.Anvil.Rpc, (request, node, token) =>
        {
            Interlocked.Increment(ref requests);
            return Intercept?.Invoke(request, node, token) is { } answer ? new ValueTask<JsonElement>(answer) : node.SendAsync(request, token);
        });
        Resolver = chain.Resolver(null, null, Rpc);
        Cache = new CachingDidResolver(Resolver, new CachingDidResolverOptions { MaxAge = cacheAge ?? TimeSpan.FromMinutes(5) });
        subscription = Changes.Subscribe(Reported.Enqueue);
        watcher = new RegistryWatcher(Resolver, Cache, Changes, new EthereumWatchOptions { PollInterval = pollInterval ?? TimeSpan.FromMilliseconds(100) }, null, Log);
        run = watcher.RunAsync(stopping.Token);
    }

    public RpcDecorator Rpc { get; }

    public EthereumDidResolver Resolver { get; }

    public CachingDidResolver Cache { get; }

    public DidChanges Changes { get; } = new();

    public ConcurrentQueue<AgentDid> Reported { get; } = new();

    public EventLog Log { get; } = new();

    public int Requests => Volatile.Read(ref requests);

    /// <summary>Answers instead of the node, if it gives something.</summary>
    public Func<EthereumRpcRequest, IEthereumRpc, CancellationToken, Task<JsonElement>?>? Intercept { get; set; }

    public ulong Floor => Resolver.Endpoints[0].Floor;

    /// <summary>Waits until the first look has come to its end.</summary>
    public async Task<WatchedHost> BeginAsync()
    {
        await Eventually.BecomesAsync(() => Log.Count(7110) > 0, "The watcher began.");
        return this;
    }

    public static bool AsksForHead(EthereumRpcRequest request) =>
        request.Method == "eth_getBlockByNumber" && request.Parameters.Span.IndexOf("latest"u8) > 0;

    public async Task<IReadOnlyList<Crypto.PublicKey>> KeysAsync(AgentDid did) =>
        [.. (await Cache.ResolveAsync(did)).Document?.Authentication.Select(method => method.PublicKey) ?? []];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>(), "Nothing but its token ends a watcher.");
        subscription.Dispose();
        stopping.Dispose();
    }

    /// <summary>The ids of what was logged.</summary>
    internal sealed class EventLog : ILogger<RegistryWatcher>
    {
        private readonly ConcurrentQueue<int> ids = new();

        public int Count(int id) => ids.Count(logged => logged == id);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => ids.Enqueue(eventId.Id);
    }
}
