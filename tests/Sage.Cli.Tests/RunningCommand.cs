using System.Text;

namespace Sage.Cli.Tests;

/// <summary>A command that goes on in this process, with streams of its own, while a test does something else.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource stop = new();
    private readonly MemoryStream input = new();
    private readonly SharedStream output = new();
    private readonly SharedStream error = new();
    private readonly Task<int> run;

    private RunningCommand(string[] arguments) => run = CommandLine.RunAsync(arguments, new Terminal(input, output, error), stop.Token);

    public string Output => output.Text;

    public string Error => error.Text;

    public static RunningCommand Start(params string[] arguments) => new(arguments);

    public static async Task WaitAsync(Func<bool> isSo)
    {
        using CancellationTokenSource timeout = new(Patience);
        while (!isSo())
        {
            await Task.Delay(20, timeout.Token);
        }
    }

    public Task WaitForOutputAsync(string text) => WaitAsync(() => RequireRunning() && Output.Contains(text, StringComparison.Ordinal));

    public Task WaitForErrorAsync(string text) => WaitAsync(() => RequireRunning() && Error.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits for a server to say where it listens.</summary>
    public async Task<string> ReadAddressAsync()
    {
        const string Announcement = "listening on ";
        await WaitForOutputAsync("\n");
        string line = Output.Split('\n')[0];
        Assert.That(line, Does.StartWith(Announcement));
        return line[Announcement.Length..];
    }

    /// <summary>Interrupts the command.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await stop.CancelAsync();
        return await run.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        await input.DisposeAsync();
        await output.DisposeAsync();
        await error.DisposeAsync();
    }

    private bool RequireRunning()
    {
        Assert.That(run.IsCompleted, Is.False, Error);
        return true;
    }

    /// <summary>Bytes that one thread writes and another reads.</summary>
    private sealed class SharedStream : MemoryStream
    {
        private readonly Lock gate = new();

        public string Text
        {
            get
            {
                lock (gate)
                {
                    return Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length);
                }
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (gate)
            {
                base.Write(buffer, offset, count);
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (gate)
            {
                base.Write(buffer);
            }
        }
    }
}
