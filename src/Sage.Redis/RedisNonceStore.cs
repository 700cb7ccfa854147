using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto;
using Sage.Redis.Internal;
using StackExchange.Redis;

namespace Sage.Redis;

/// <summary>
/// The nonces of several nodes, in Redis 6 or later: whichever node sees a nonce first accepts it, and no other does. A live nonce is
/// never forgotten while the server keeps its data: when the store, one scope's tenth of it or the server's memory is full, new
/// nonces are refused.
/// </summary>
/// <remarks>
/// Safe from any thread; one round trip a call. Whatever is not certain is refused: a call that fails or times out may or may not
/// have used the nonce up, and never lets the message through. Before the first call, after a reconnection and once a minute the server
/// is asked for its <c>maxmemory-policy</c>. What a failover or a crash of the server can forget is in <c>docs/redis.md</c>.
/// </remarks>
public sealed class RedisNonceStore : INonceStore, IAsyncDisposable, IDisposable
{
    internal const int MaxLength = 1024;

    private readonly RedisLink link;
    private readonly EvictionCheck eviction;
    private readonly NonceKeys keys;
    private readonly RedisNonceStoreOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RedisInstruments instruments;
    private readonly RedisValue scopeLimit;
    private readonly RedisValue totalLimit;

    /// <summary>Makes a store upon a connection of the application, which keeps it and disposes it.</summary>
    /// <param name="connection">The connection. While it is down calls fail as it is configured: <c>BacklogPolicy.FailFast</c> is the better choice.</param>
    /// <param name="options">How it remembers; copied.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Where the meter comes from; a static one if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RedisNonceStore(
        IConnectionMultiplexer connection, RedisNonceStoreOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<RedisNonceStore>? logger = null, IMeterFactory? meterFactory = null)
        : this(log => new RedisLink(connection ?? throw new ArgumentNullException(nameof(connection)), log), (options ?? new()).Validated(), timeProvider, logger, meterFactory)
    {
    }

    private RedisNonceStore(
        Func<ILogger, RedisLink> link, RedisNonceStoreOptions options, TimeProvider? timeProvider, ILogger<RedisNonceStore>? logger, IMeterFactory? meterFactory)
    {
        this.options = options;
        this.logger = logger ?? NullLogger<RedisNonceStore>.Instance;
        this.link = link(this.logger);
        time = timeProvider ?? TimeProvider.System;
        keys = new NonceKeys(options.KeyPrefix);
        eviction = new EvictionCheck(this.link, options.AllowEviction, time, this.logger);
        instruments = RedisInstruments.Create(meterFactory);
        scopeLimit = options.Capacity / 10;
        totalLimit = options.Capacity;
    }

    /// <summary>Makes a store with a connection of its own, made when it is first used; it reconnects by itself.</summary>
    /// <param name="configuration">The configuration string of StackExchange.Redis, <c>host:port,password=…,ssl=true</c>. Its timeouts and what it says about failing are replaced.</param>
    /// <param name="options">How it remembers; copied.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Where the meter comes from; a static one if <see langword="null"/>.</param>
    /// <returns>The store; dispose it.</returns>
    /// <exception cref="ArgumentException">The configuration cannot be read (the exception does not repeat it), or an option is out of its range.</exception>
    public static RedisNonceStore Create(
        string configuration, RedisNonceStoreOptions? options = null, TimeProvider? timeProvider = null,
        ILogger<RedisNonceStore>? logger = null, IMeterFactory? meterFactory = null)
    {
        RedisNonceStoreOptions validated = (options ?? new()).Validated();
        ConfigurationOptions parsed = RedisLink.Parse(configuration, validated.Timeout);
        return new RedisNonceStore(log => new RedisLink(parsed, log), validated, timeProvider, logger, meterFactory);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The scope or the nonce is empty or longer than 1024 UTF-16 units.</exception>
    /// <exception cref="IOException">The server cannot be reached, does not answer in time or answers with an error. The nonce may be used up.</exception>
    /// <exception cref="InvalidOperationException">The server may forget nonces before their time, and <see cref="RedisNonceStoreOptions.AllowEviction"/> is not set.</exception>
    public ValueTask<NonceResult> TryConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        Require(scope, nameof(scope));
        Require(nonce, nameof(nonce));
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<NonceResult>(cancellationToken)
            : ConsumeAsync(scope, nonce, until, cancellationToken);
    }

    /// <summary>Connects and checks that the server answers and forgets no nonce before its time: for the start of a process, and for health checks.</summary>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>When the server can be used.</returns>
    /// <exception cref="IOException">The server cannot be reached, does not answer in time or answers with an error.</exception>
    /// <exception cref="InvalidOperationException">The server may forget nonces before their time, and <see cref="RedisNonceStoreOptions.AllowEviction"/> is not set.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            IDatabase database = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await BoundedAsync(database.PingAsync(CommandFlags.DemandMaster), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Wrap(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Closes an own connection; one of the application stays open.</summary>
    /// <returns>When it is closed.</returns>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    /// <summary>Closes an own connection; one of the application stays open.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static void Require(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"At most {MaxLength} UTF-16 units.", name);
        }
    }

    private async ValueTask<NonceResult> ConsumeAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken)
    {
        using Activity? activity = RedisInstruments.Source.StartActivity("consume nonce", ActivityKind.Client);
        long start = time.GetTimestamp();
        try
        {
            NonceResult result = await AskAsync(scope, nonce, until, cancellationToken).ConfigureAwait(false);
            instruments.Answered(result, time.GetElapsedTime(start));
            return result;
        }
        catch (Exception exception)
        {
            string errorType = RedisFailure.ErrorType(exception);
            instruments.Failed(errorType, time.GetElapsedTime(start));
            activity?.SetStatus(ActivityStatusCode.Error).SetTag(RedisTelemetry.ErrorTypeAttribute, errorType);
            if (RedisFailure.Wrap(exception) is { } failure)
            {
                throw failure;
            }

            throw;
        }
    }

    private async Task<NonceResult> AskAsync(string scope, string nonce, DateTimeOffset until, CancellationToken cancellationToken)
    {
        IDatabase database = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        long life = Life(until);
        Task<RedisResult> asked = database.ScriptEvaluateAsync(
            NonceScript.Text, [keys.Nonce(scope, nonce), keys.Scope(scope), keys.Total], [life, NonceScript.Interval(life), scopeLimit, totalLimit], CommandFlags.DemandMaster);
        try
        {
            RedisResult answer = await BoundedAsync(asked, cancellationToken).ConfigureAwait(false);
            return (int)answer switch
            {
                NonceScript.Accepted => NonceResult.Accepted,
                NonceScript.Replayed => NonceResult.Replayed,
                _ => NonceResult.Full,
            };
        }
        catch (RedisServerException exception) when (RedisFailure.IsOutOfMemory(exception))
        {
            Log.OutOfMemory(logger);
            return NonceResult.Full;
        }
    }

    private async ValueTask<IDatabase> ConnectAsync(CancellationToken cancellationToken)
    {
        IConnectionMultiplexer connection = await BoundedAsync(link.GetAsync(), cancellationToken).ConfigureAwait(false);
        Task checking = eviction.RequireAsync(connection);
        await (checking.IsCompleted ? checking : checking.WaitAsync(options.Timeout, cancellationToken)).ConfigureAwait(false);
        return connection.GetDatabase();
    }

    // In milliseconds, rounded up; one whose time is over is still accepted once within the tolerance.
    private long Life(DateTimeOffset until)
    {
        long ticks = Math.Max(0, until.UtcTicks - time.GetUtcNow().UtcTicks) + options.ClockTolerance.Ticks;
        return (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
    }

    private Task<T> BoundedAsync<T>(Task<T> task, CancellationToken cancellationToken) =>
        task.IsCompleted ? task : task.WaitAsync(options.Timeout, cancellationToken);
}
