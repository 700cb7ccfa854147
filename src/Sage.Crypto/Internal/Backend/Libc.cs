using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sage.Crypto.Internal.Backend;

/// <summary>The system calls the key store needs on Unix and .NET does not offer. Not to be called on Windows.</summary>
internal static partial class Libc
{
    private const int InvalidArgument = 22;

    /// <summary>
    /// Reads the environment block itself: Environment.GetEnvironmentVariable would leave the value in a string, which
    /// nothing can zero. Empty if the variable is not there.
    /// </summary>
    public static unsafe ReadOnlySpan<byte> GetVariable(string name) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(GetEnvironment(name));

    /// <summary>Makes renames in a folder durable; .NET cannot open a folder.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void FlushFolder(string folder)
    {
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

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial byte* GetEnvironment(string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
