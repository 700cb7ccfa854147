using Microsoft.Extensions.Time.Testing;
using Sage.Tests.Contracts;

namespace Sage.Session.Tests.Contracts;

/// <summary>The other tests of this project rely on the store in memory, so it owes what every store owes.</summary>
[TestFixture]
internal sealed class MemorySessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected override DateTimeOffset Now => time.GetUtcNow();

    protected override ISessionStore Create(int capacity = 1000, int capacityPerPeer = 1000) => new MemorySessionStore(time, capacity, capacityPerPeer);

    protected override ISessionStore Connect(ISessionStore store) => store;

    protected override void Advance(TimeSpan by) => time.Advance(by);
}
