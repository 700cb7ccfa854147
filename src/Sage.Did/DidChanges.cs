using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sage.Did;

/// <summary>
/// Where those who learn that something about a DID may have changed tell those who act on it, for example to end live sessions. A
/// report carries no news itself: whoever hears it resolves the DID again. Safe from any thread.
/// </summary>
public sealed class DidChanges
{
    private readonly ILogger logger;
    private ImmutableList<Subscription> subscriptions = [];

    /// <summary>Makes a place to report changes to.</summary>
    /// <param name="logger">Where to log listeners that fail.</param>
    public DidChanges(ILogger<DidChanges>? logger = null) => this.logger = logger ?? NullLogger<DidChanges>.Instance;

    /// <summary>Tells all listeners, one after the other on this thread. One that throws does not keep it from the others.</summary>
    /// <param name="did">The DID; evict it from caches before.</param>
    public void Report(AgentDid did)
    {
        foreach (Subscription subscription in Volatile.Read(ref subscriptions))
        {
            try
            {
                subscription.Listener(did);
            }
            catch (Exception exception)
            {
                Log.ChangeListenerFailed(logger, did, exception);
            }
        }
    }

    /// <summary>Adds a listener. It should return soon, and may be called by several threads at once.</summary>
    /// <param name="listener">What is called with every DID that is reported.</param>
    /// <returns>What ends it when disposed; a report under way at that time may still arrive.</returns>
    public IDisposable Subscribe(Action<AgentDid> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        Subscription subscription = new(this, listener);
        ImmutableInterlocked.Update(ref subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    private sealed class Subscription(DidChanges owner, Action<AgentDid> listener) : IDisposable
    {
        public Action<AgentDid> Listener => listener;

        public void Dispose() => ImmutableInterlocked.Update(ref owner.subscriptions, static (all, gone) => all.Remove(gone), this);
    }
}
