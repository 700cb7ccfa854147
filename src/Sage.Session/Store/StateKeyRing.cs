using Microsoft.Extensions.Logging;
using Sage.Crypto;

namespace Sage.Session;

/// <summary>
/// The keys of session states, from one name of the key store: the current key encrypts, the former ones still open what was
/// encrypted before a rotation. The name is read again from time to time, and at once when a state names a key that is not known, so
/// that a rotation reaches every node without a restart.
/// </summary>
internal sealed class StateKeyRing(IKeyStore store, string name, PublicKey agreementKey, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMinutes(5);

    // A state of a stranger's making must not have the key store read all the time.
    private static readonly TimeSpan MinimumPeriod = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Keys? keys;

    /// <summary>The key to encrypt with.</summary>
    /// <exception cref="KeyStoreException">The key store has no such key, or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">A key of that name is not an X25519 key of its own.</exception>
    public async ValueTask<StateKey> CurrentAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(RefreshPeriod, cancellationToken).ConfigureAwait(false)).Current;

    /// <summary>The key that encrypted a state, or <see langword="null"/>. Throws as <see cref="CurrentAsync"/>.</summary>
    public async ValueTask<StateKey?> FindAsync(StoredSession session, CancellationToken cancellationToken) =>
        (await ReadAsync(RefreshPeriod, cancellationToken).ConfigureAwait(false)).Find(session)
        ?? (await ReadAsync(MinimumPeriod, cancellationToken).ConfigureAwait(false)).Find(session);

    public void Dispose()
    {
        turn.Dispose();
        foreach (StateKey key in keys?.All ?? [])
        {
            key.Dispose();
        }
    }

    private async ValueTask<Keys> ReadAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        Keys? known = keys;
        if (known is not null && timeProvider.GetElapsedTime(known.ReadAt) < maxAge)
        {
            return known;
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            known = keys;
            if (known is null || timeProvider.GetElapsedTime(known.ReadAt) >= maxAge)
            {
                keys = known = await LoadAsync(known, cancellationToken).ConfigureAwait(false);
            }

            return known;
        }
        catch (Exception exception) when (known is not null && !cancellationToken.IsCancellationRequested)
        {
            // A key store that cannot be read for a while must not end every session.
            Log.StateKeysFailed(logger, exception);
            return keys = new Keys(known.Current, known.All, timeProvider.GetTimestamp());
        }
        finally
        {
            turn.Release();
        }
    }

    // A key that is known stays the same object: others may be using it. One that is dropped is zeroed by its finaliser.
    private async ValueTask<Keys> LoadAsync(Keys? before, CancellationToken cancellationToken)
    {
        long readAt = timeProvider.GetTimestamp();
        StateKey? current = null;
        List<StateKey> all = [];
        foreach (KeyStoreEntry entry in await store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Name != name)
            {
                continue;
            }

            if (!entry.Algorithm.CanAgree || entry.PublicKey.Equals(agreementKey))
            {
                throw new InvalidOperationException(
                    $"The key '{name}' cannot encrypt sessions: it must be an X25519 key that is used for nothing else. Generate one under another name and set AgentSessionOptions.StateKey to it.");
            }

            StateKey? key = before?.All.FirstOrDefault(known => known.Source == entry.KeyId);
            if (key is null)
            {
                using PrivateKey source = await store.GetAsync(name, entry.KeyId, cancellationToken).ConfigureAwait(false);
                key = StateKey.Derive(source);
            }

            all.Add(key);
            current = entry.IsCurrent ? key : current;
        }

        return new Keys(
            current ?? throw new KeyStoreException(
                KeyStoreError.KeyNotFound,
                $"The key store has no key '{name}', which AgentSessionOptions.StateKey names: generate an X25519 key under it."),
            all,
            readAt);
    }

    private sealed class Keys(StateKey current, IReadOnlyList<StateKey> all, long readAt)
    {
        public StateKey Current { get; } = current;

        public IReadOnlyList<StateKey> All { get; } = all;

        /// <summary>When they were read, as a timestamp of the time provider.</summary>
        public long ReadAt { get; } = readAt;

        public StateKey? Find(StoredSession session) => All.FirstOrDefault(key => StateEnvelope.IsUnder(key, session));
    }
}
