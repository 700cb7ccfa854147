using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>Keeps everything that is logged, at every level, with its values and exceptions.</summary>
internal sealed class LogCapture : ILogger, ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> lines = new();

    public IEnumerable<string> Lines => lines.Select(line => line.Text);

    public IEnumerable<int> Ids => lines.Select(line => line.Id.Id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : $"{state}";
        lines.Enqueue((eventId, $"{formatter(state, exception)} {values} {exception}"));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }
}
