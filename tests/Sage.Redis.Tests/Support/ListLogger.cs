using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sage.Redis.Tests;

/// <summary>Keeps what a store logs.</summary>
internal sealed class ListLogger : ILogger<RedisNonceStore>
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> entries = new();

    public IReadOnlyCollection<(int Id, LogLevel Level, string Text)> Entries => entries;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        entries.Enqueue((eventId.Id, logLevel, $"{formatter(state, exception)} {exception}"));
}
