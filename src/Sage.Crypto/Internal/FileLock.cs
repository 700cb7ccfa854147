using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>
/// An exclusive lock between processes on a file of its own (flock on Unix, a share mode on Windows). The system
/// releases it when the process dies; the file itself stays, because removing it would let two processes lock
/// different files of the same name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Waits for the lock; null if it was not free within 10 seconds.</summary>
    public static async ValueTask<FileLock?> TryAcquireAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } stream)
            {
                return new FileLock(stream);
            }

            if (timeProvider.GetElapsedTime(start) > Patience)
            {
                return null;
            }

            // Neither system call can wait without holding a thread, and contenders must not stay in step.
            TimeSpan pause = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(2, 15));
            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => stream.Dispose();

    private static FileStream? TryOpen(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = AtomicFile.OwnerOnly;
        }

        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    // EWOULDBLOCK on Linux (11) and on BSD and macOS (35); ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021)
        : e.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
