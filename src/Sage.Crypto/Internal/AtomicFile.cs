using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>Replaces a whole file so that a crash at any moment leaves either the old content or the new.</summary>
internal static class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file a path leads to, so that replacing it does not replace a link to it.</summary>
    public static string Resolve(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(path);

    /// <summary>
    /// Writes <c>path.tmp</c>, flushes it to disk, renames it over the path and flushes the folder. The caller holds the
    /// file's <see cref="FileLock"/>, so a <c>.tmp</c> that is already there is what a crash left behind.
    /// </summary>
    public static async ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode)
    {
        string temporary = path + ".tmp";
        File.Delete(temporary);
        bool renamed = false;
        try
        {
            // CreateNew follows no link that somebody put there.
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            FileStream stream = new(temporary, options);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            renamed = true;
        }
        finally
        {
            if (!renamed)
            {
                File.Delete(temporary);
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Libc.FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Reads a whole file of at most a given size; null if it is larger. Writers may replace it meanwhile.</summary>
    public static async ValueTask<byte[]?> ReadAsync(string path, int maximumSize, CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[(stream.CanSeek ? (int)Math.Min(stream.Length, maximumSize) : maximumSize) + 1];
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read < buffer.Length ? buffer[..read] : null;
        }
    }
}
