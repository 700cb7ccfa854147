using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Keeps every entry of every level, with its values and exceptions, as text.</summary>
internal sealed class CapturingLoggerFactory : ILoggerFactory
{
    public ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> Entries { get; } = new();

    public string All => string.Join('\n', Entries.Select(entry => entry.Text));

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturingLoggerFactory owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            owner.Entries.Enqueue((logLevel, eventId, $"{formatter(state, exception)} {values} {exception}"));
        }
    }
}
