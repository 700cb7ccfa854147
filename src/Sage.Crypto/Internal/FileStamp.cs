using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>
/// What a file system says of a file without opening it. Two equal stamps mean the same content, unless the file was
/// changed twice within the granularity of the file system's clock (<see cref="IsSettledAt"/>).
/// </summary>
/// <param name="Size">The length in bytes.</param>
/// <param name="Modified">When the content changed, in nanoseconds since 1970.</param>
/// <param name="Changed">When content, name or owner changed, likewise; what preserves the former does not preserve this.</param>
/// <param name="Inode">Which file it is; replacing a file by renaming another changes it.</param>
/// <param name="Device">The file system.</param>
internal readonly record struct FileStamp(long Size, long Modified, long Changed, ulong Inode, ulong Device)
{
    private const long Second = 1_000_000_000;

    /// <summary>The stamp of a file, links followed; null if there is none.</summary>
    /// <param name="path">The path.</param>
    /// <param name="nativePath">The path in UTF-8, ended by a zero byte.</param>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static FileStamp? Read(string path, byte[] nativePath)
    {
        if (OperatingSystem.IsLinux() && LinuxStat.TryRead(nativePath, path, out FileStamp? stamp))
        {
            return stamp;
        }

        FileInfo file = new(AtomicFile.Resolve(path));
        return file.Exists ? new FileStamp(file.Length, Nanoseconds(file.LastWriteTimeUtc), Nanoseconds(file.CreationTimeUtc), 0, 0) : null;
    }

    /// <summary>
    /// Whether a later change must show in the stamp. Clocks of file systems tick up to every 10 ms; those whose times have no
    /// fraction count whole or even seconds.
    /// </summary>
    /// <param name="now">The system's time when the stamp was taken.</param>
    public bool IsSettledAt(DateTimeOffset now)
    {
        // Programs may set the former time to what they like, but not the latter where it is the change time.
        long newest = Inode == 0 ? Math.Max(Modified, Changed) : Changed;
        long granularity = newest % Second == 0 ? 2 * Second : Second / 20;
        return Nanoseconds(now.UtcDateTime) - newest > granularity;
    }

    private static long Nanoseconds(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
