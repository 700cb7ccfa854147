using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sage.Redis.Internal;

/// <summary>One connection for all calls: somebody else's, or an own one that is made on first use and reconnects by itself.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly ConfigurationOptions? configuration;
    private readonly ILogger logger;
    private Task<IConnectionMultiplexer>? connecting;
    private int changes;
    private bool disposed;

    public RedisLink(ConfigurationOptions configuration, ILogger logger)
    {
        this.configuration = configuration;
        this.logger = logger;
    }

    public RedisLink(IConnectionMultiplexer connection, ILogger logger)
    {
        this.logger = logger;
        Listen(connection);
        connecting = Task.FromResult(connection);
    }

    /// <summary>Counts connections that came back and primaries that changed: the server may not be the one it was.</summary>
    public int Changes => Volatile.Read(ref changes);

    /// <summary>The options of an own connection: what is down fails at once, and nothing is sent later that was refused before.</summary>
    /// <exception cref="ArgumentException">The text cannot be read. The exception does not repeat it: it may hold a password.</exception>
    public static ConfigurationOptions Parse(string configuration, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(configuration);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new ArgumentException("The Redis configuration cannot be read: expected is 'host:port,option=value,…'.", nameof(configuration));
        }

        if (options.EndPoints.Count == 0)
        {
            throw new ArgumentException("The Redis configuration names no server: expected is 'host:port,option=value,…'.", nameof(configuration));
        }

        int milliseconds = (int)timeout.TotalMilliseconds;
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.IncludeDetailInExceptions = false;
        options.ConnectTimeout = milliseconds;
        options.AsyncTimeout = milliseconds;
        options.SyncTimeout = milliseconds;
        return options;
    }

    /// <summary>The connection; whether its server answers is another matter.</summary>
    public Task<IConnectionMultiplexer> GetAsync()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(RedisNonceStore));

            // A failure is not kept: a name may be resolved the next time.
            return connecting is { IsFaulted: false, IsCanceled: false } ? connecting : connecting = ConnectAsync(configuration!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? last;
        lock (gate)
        {
            last = disposed ? null : connecting;
            disposed = true;
        }

        if (last is null)
        {
            return;
        }

        await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (last.IsCompletedSuccessfully)
        {
            IConnectionMultiplexer connection = await last.ConfigureAwait(false);
            connection.ConnectionFailed -= OnFailed;
            connection.ConnectionRestored -= OnRestored;
            connection.ConfigurationChanged -= OnChanged;
            if (configuration is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        Listen(connection);
        return connection;
    }

    private void Listen(IConnectionMultiplexer connection)
    {
        connection.ConnectionFailed += OnFailed;
        connection.ConnectionRestored += OnRestored;
        connection.ConfigurationChanged += OnChanged;
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs failure) => Log.ConnectionFailed(logger, failure.FailureType.ToString());

    private void OnChanged(object? sender, EndPointEventArgs changed) => Interlocked.Increment(ref changes);

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored)
    {
        Interlocked.Increment(ref changes);
        Log.ConnectionRestored(logger);
    }
}
