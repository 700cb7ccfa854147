using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.HttpSignatures;

/// <summary>
/// Finds the keys of Web Bot Auth agents (draft-meunier-webbotauth-httpsig-protocol-02): by the URL that a signature covers and
/// the key id together, never by the key id alone. Fetched directories are remembered as long as their servers say, within
/// bounds; a fetch that fails takes nothing away that is known, and one that succeeds replaces it.
/// </summary>
/// <remarks>
/// Connects only where its <see cref="KeyDirectoryClientOptions.Endpoints"/> allows; follows no redirect, uses no proxy and no
/// cookies; reads at most <see cref="KeyDirectory.MaxSize"/> bytes after decompression. Everybody who waits for one directory
/// waits for the same fetch. Safe from any thread.
/// </remarks>
public sealed class KeyDirectoryClient : IDisposable
{
    // One host, slow on purpose, must not take all the places.
    private const int HostShare = 8;

    // 32 bytes in base64url.
    private const int ThumbprintLength = 43;

    private readonly KeyDirectoryClientOptions options;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly HttpMessageInvoker? owned;
    private readonly DirectorySource source;
    private readonly CancellationTokenSource disposed = new();

    private readonly Lock gate = new();
    private readonly DirectoryCache cache;
    private readonly Dictionary<DirectoryAddress, Task<CachedDirectory>> flights = [];

    /// <summary>Makes a client with its own connections.</summary>
    /// <param name="options">Bounds; read once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public KeyDirectoryClient(KeyDirectoryClientOptions? options = null, TimeProvider? timeProvider = null, ILogger? logger = null)
        : this(null, options, timeProvider, logger)
    {
    }

    /// <summary>Makes a client over somebody's connections: whoever gives them answers for the addresses they lead to, and that they follow no redirect.</summary>
    /// <param name="client">The connections; not disposed with this.</param>
    /// <param name="options">Bounds; read once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to log.</param>
    internal KeyDirectoryClient(HttpMessageInvoker? client, KeyDirectoryClientOptions? options, TimeProvider? timeProvider, ILogger? logger)
    {
        options ??= new KeyDirectoryClientOptions();
        options.Validate();
        this.options = options.Copy();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger.Instance;
        owned = client is null ? DocumentFetcher.Connect(options.Endpoints, options.Timeout) : null;
        source = new DirectorySource(new DocumentFetcher(client ?? owned!, options.Endpoints, this.logger), options.Endpoints.AllowHttp);
        cache = new DirectoryCache(options.Capacity);
    }

    /// <summary>Which URLs are read and called.</summary>
    internal EndpointPolicy Endpoints => options.Endpoints;

    /// <summary>Finds a key of an agent.</summary>
    /// <param name="agent">The member of <c>Signature-Agent</c> that the signature covers.</param>
    /// <param name="keyId">The <c>keyid</c> of the signature, a JWK thumbprint; anything else is not found.</param>
    /// <param name="cancellationToken">Ends the waiting; a fetch that others wait for goes on.</param>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public ValueTask<KeyDirectoryLookup> FindKeyAsync(SignatureAgent agent, string keyId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(keyId);
        ObjectDisposedException.ThrowIf(disposed.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!options.Endpoints.Allows(agent.Location))
        {
            return Answer(KeyDirectoryStatus.Refused);
        }

        if (!IsThumbprint(keyId))
        {
            return Answer(KeyDirectoryStatus.KeyNotFound);
        }

        DirectoryAddress address = new(agent.Type, agent.Identifier);
        Task<CachedDirectory> flight;
        lock (gate)
        {
            Moment now = Moment.Now(timeProvider);
            bool isKnown = cache.TryGet(address, out CachedDirectory? known);
            if (isKnown && known!.Answer(keyId, now, options, justTried: false) is { } answer)
            {
                return ValueTask.FromResult(answer);
            }

            if (!TryJoin(address, known, out flight))
            {
                // Not remembered: that this client is busy says nothing about the directory.
                CachedDirectory busy = CachedDirectory.After(known, FetchedDirectory.Failed(KeyDirectoryStatus.Unreachable), now);
                return ValueTask.FromResult(busy.Answer(keyId, now, options, justTried: true)!);
            }
        }

        return WaitAsync(flight, keyId, cancellationToken);
    }

    /// <summary>Ends what is under way and closes the connections.</summary>
    public void Dispose()
    {
        disposed.Cancel();
        owned?.Dispose();
    }

    private static bool IsThumbprint(string keyId)
    {
        Span<byte> hash = stackalloc byte[32];
        return keyId.Length == ThumbprintLength && StrictBase64.TryDecodeUrl(keyId, hash, out int written) && written == hash.Length;
    }

    private ValueTask<KeyDirectoryLookup> Answer(KeyDirectoryStatus status) => ValueTask.FromResult(new KeyDirectoryLookup(status, timeProvider.GetUtcNow()));

    private bool TryJoin(DirectoryAddress address, CachedDirectory? known, out Task<CachedDirectory> flight)
    {
        if (flights.TryGetValue(address, out flight!))
        {
            return true;
        }

        string host = new Uri(address.Url).GetLeftPart(UriPartial.Authority) + "/";
        int share = Math.Max(1, options.MaxFetches / HostShare);
        if (flights.Count >= options.MaxFetches || flights.Keys.Count(other => other.Url.StartsWith(host, StringComparison.Ordinal)) >= share)
        {
            Log.Busy(logger, flights.Count);
            return false;
        }

        // On its own, so that no caller's cancellation ends it for the others and nothing is sent under the lock.
        flight = Task.Run(() => FlyAsync(address, known));
        flights.Add(address, flight);

        // Every caller may have left before it fails: reading the exception marks it as seen.
        _ = flight.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    private async Task<CachedDirectory> FlyAsync(DirectoryAddress address, CachedDirectory? known)
    {
        try
        {
            FetchedDirectory fetched = await FetchAsync(address, known?.Known).ConfigureAwait(false);
            lock (gate)
            {
                CachedDirectory remembered = CachedDirectory.After(known, fetched, Moment.Now(timeProvider));
                cache.Set(address, remembered);
                return remembered;
            }
        }
        finally
        {
            lock (gate)
            {
                flights.Remove(address);
            }
        }
    }

    private async Task<FetchedDirectory> FetchAsync(DirectoryAddress address, FetchedDirectory? known)
    {
        using CancellationTokenSource timeout = new(options.Timeout, timeProvider);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, disposed.Token);
        try
        {
            FetchedDirectory fetched = await source.FetchAsync(address, known, giveUp.Token).ConfigureAwait(false);
            Log.DirectoryFetched(logger, address.Url, fetched.Failure ?? KeyDirectoryStatus.Found, fetched.Directory?.Keys.Count ?? 0);
            return fetched;
        }
        catch (OperationCanceledException)
        {
            Log.DirectoryFetched(logger, address.Url, KeyDirectoryStatus.Unreachable, 0);
            return FetchedDirectory.Failed(KeyDirectoryStatus.Unreachable);
        }
    }

    private async ValueTask<KeyDirectoryLookup> WaitAsync(Task<CachedDirectory> flight, string keyId, CancellationToken cancellationToken)
    {
        CachedDirectory fetched = await flight.WaitAsync(cancellationToken).ConfigureAwait(false);
        return fetched.Answer(keyId, Moment.Now(timeProvider), options, justTried: true)!;
    }
}
