using System.Text;
using Microsoft.Extensions.Logging;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// Keeps the content of a registry file at hand and reads it again when the file may have changed. Its clock must be the
/// system's, which is the one that dates files.
/// </summary>
// A semaphore whose wait handle nobody asks for holds nothing that needs to be disposed.
#pragma warning disable CA1001
internal sealed class RegistryFileReader(string path, TimeProvider systemTime, ILogger logger)
#pragma warning restore CA1001
{
    // Long enough for another implementation to finish writing a file that it does not replace by renaming.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(50);

    private readonly byte[] nativePath = [.. Encoding.UTF8.GetBytes(path), 0];
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile RegistrySnapshot? snapshot;
    private RegistryFile lastGood = RegistryFile.Empty;

    /// <summary>The content, if one look at the file shows that it is the one already read.</summary>
    public RegistryFile? TryGetCurrent()
    {
        try
        {
            return snapshot is { IsSettled: true, File: { } file } known && known.Stamp == FileStamp.Read(path, nativePath) ? file : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading it will say what is wrong.
            return null;
        }
    }

    /// <summary>The content as it is now; a missing file is an empty one.</summary>
    /// <exception cref="DidResolutionException">The file cannot be read, is malformed or too large.</exception>
    public async ValueTask<RegistryFile> GetAsync(CancellationToken cancellationToken)
    {
        if (TryGetCurrent() is { } current)
        {
            return current;
        }

        // One reader for all who wait: a file that just changed is read once.
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return TryGetCurrent() ?? await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async ValueTask<RegistryFile> ReadAsync(CancellationToken cancellationToken)
    {
        RegistryFile? file = null;
        for (int attempt = 0; attempt < 2 && file is null; attempt++)
        {
            // The stamp is older than the content, so that a change in between shows as another stamp.
            DateTimeOffset now = systemTime.GetUtcNow();
            FileStamp? stamp = Stamp();
            if (snapshot is { IsSettled: true, File: null } known && known.Stamp == stamp)
            {
                break;
            }

            if (attempt > 0)
            {
                await Task.Delay(SecondLook, systemTime, cancellationToken).ConfigureAwait(false);
            }

            file = await ReadOnceAsync(cancellationToken).ConfigureAwait(false);
            snapshot = new RegistrySnapshot(stamp, stamp is not { } there || there.IsSettledAt(now), file);
        }

        return file ?? throw Malformed();
    }

    private async ValueTask<RegistryFile?> ReadOnceAsync(CancellationToken cancellationToken)
    {
        byte[]? bytes;
        try
        {
            bytes = await AtomicFile.ReadAsync(path, RegistryFile.MaxSize, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return RegistryFile.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }

        if (bytes is null)
        {
            throw new DidResolutionException($"The registry file '{path}' is larger than {RegistryFile.MaxSize} bytes.");
        }

        if (Bytes.PublicEquals(lastGood.Bytes, bytes))
        {
            return lastGood;
        }

        RegistryFile? file = RegistryFile.TryParse(bytes, lastGood);
        if (file is not null)
        {
            lastGood = file;
            Log.RegistryRead(logger, path, file.Count);
        }

        return file;
    }

    private FileStamp? Stamp()
    {
        try
        {
            return FileStamp.Read(path, nativePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private DidResolutionException Malformed()
    {
        Log.RegistryMalformed(logger, path);
        return new DidResolutionException($"The registry file '{path}' is not {{\"records\":[…]}}; nothing in it is trusted.");
    }

    private DidResolutionException Unreadable(Exception cause) => new($"The registry file '{path}' cannot be read.", cause);
}
