namespace Sage.Session;

/// <summary>When a session ends by itself (SAGE profile P1 §5.5). Whichever comes first.</summary>
internal sealed class SessionLimits
{
    public static readonly SessionLimits Default = new();

    /// <summary>Time since the handshake.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time since the last record sent or opened.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Records sent and opened together.</summary>
    public long MaxMessages { get; init; } = 1000;

    /// <summary>When the time of a session is over unless it is used again.</summary>
    public DateTimeOffset EndOf(SessionState state)
    {
        DateTimeOffset aged = state.Created + MaxAge;
        DateTimeOffset idle = state.LastUsed + MaxIdle;
        return aged < idle ? aged : idle;
    }
}
