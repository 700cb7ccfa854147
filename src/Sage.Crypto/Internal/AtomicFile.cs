using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal;

/// <summary>Replaces a whole file so that a crash at any moment leaves either the old content or the new.</summary>
internal static partial class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int InvalidArgument = 22;

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

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads a whole file of at most a given size; null if it is larger. Writers may replace it meanwhile.</summary>
    public static async ValueTask<byte[]?> ReadAsync(string path, int maximumSize, CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[(int)Math.Min(stream.CanSeek ? stream.Length : maximumSize, maximumSize) + 1];
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read < buffer.Length ? buffer[..read] : null;
        }
    }

    // The name is in the folder, so the rename is durable only when the folder is; .NET cannot open one.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw Failed(folder);
        }

        try
        {
            // Some file systems cannot flush a folder and say so with EINVAL; there is nothing more to do there.
            if (Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failed(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string folder) =>
        new($"The folder '{folder}' could not be flushed to disk.", new Win32Exception(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Close(int descriptor);
}
