using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace Sage.Session.Tests;

/// <summary>Both ends of a session with a random seed.</summary>
internal sealed class CipherPair : IDisposable
{
    public static readonly SessionLimits Unlimited = new() { MaxAge = TimeSpan.MaxValue, MaxIdle = TimeSpan.MaxValue, MaxMessages = long.MaxValue };

    public CipherPair(bool unlimited = false)
        : this(RandomNumberGenerator.GetBytes(32), unlimited)
    {
    }

    public CipherPair(ReadOnlySpan<byte> seed, bool unlimited = false)
    {
        SessionLimits? limits = unlimited ? Unlimited : null;
        Initiator = SessionCipher.Create(seed, isInitiator: true, Clock, limits);
        Responder = SessionCipher.Create(seed, isInitiator: false, Clock, limits);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));

    public SessionCipher Initiator { get; }

    public SessionCipher Responder { get; }

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
    }
}
