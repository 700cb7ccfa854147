using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal.Backend;

/// <summary>The statx system call: .NET gives neither the inode nor the change time of a file. Linux only.</summary>
internal static partial class LinuxStat
{
    private const int CurrentFolder = -100;
    private const uint BasicMembers = 0x7ff;
    private const int NoSuchFile = 2;
    private const int NotAFolder = 20;
    private const int NotImplemented = 38;

    private static volatile bool isMissing;

    /// <summary>Reads the stamp of a file; false where the system has no such call. Null if there is no file.</summary>
    /// <param name="path">The path in UTF-8, ended by a zero byte.</param>
    /// <param name="display">The path for messages.</param>
    /// <param name="stamp">The stamp.</param>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static unsafe bool TryRead(byte[] path, string display, out FileStamp? stamp)
    {
        stamp = null;
        if (isMissing)
        {
            return false;
        }

        Status status;
        try
        {
            fixed (byte* name = path)
            {
                if (Statx(CurrentFolder, name, 0, BasicMembers, &status) == 0)
                {
                    stamp = new FileStamp(
                        (long)status.Size, Ticks(status.Modified), Ticks(status.Changed), status.Inode, ((ulong)status.DeviceMajor << 32) | status.DeviceMinor);
                    return true;
                }
            }
        }
        catch (EntryPointNotFoundException)
        {
            isMissing = true;
            return false;
        }

        int error = Marshal.GetLastPInvokeError();
        isMissing = error == NotImplemented;
        return error is NoSuchFile or NotAFolder || (isMissing ? false : throw new IOException($"The file '{display}' cannot be looked at (error {error})."));
    }

    // Nanoseconds since 1970; wraps in the year 2262, which comparing for equality does not mind.
    private static long Ticks(Time time) => unchecked(time.Seconds * 1_000_000_000 + time.Nanoseconds);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int folder, byte* path, int flags, uint mask, Status* status);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }

    // The kernel promises this layout on every architecture; it is 256 bytes long.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
