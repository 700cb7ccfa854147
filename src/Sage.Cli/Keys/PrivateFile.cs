using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary>Writes files that only their owner can read, from the moment they exist.</summary>
internal static class PrivateFile
{
    /// <summary>Writes the whole file or nothing.</summary>
    /// <exception cref="CommandException">The file exists and is not to be replaced.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        path = Path.GetFullPath(path);
        string temporary = $"{path}.{RandomText.Uuid()}.tmp";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = AtomicFile.OwnerOnly;
        }

        bool moved = false;
        try
        {
            using (FileStream stream = new(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, replace);
            moved = true;
        }
        catch (IOException) when (!replace && File.Exists(path))
        {
            throw CommandException.Refused($"'{path}' exists; --force replaces it.");
        }
        finally
        {
            if (!moved)
            {
                File.Delete(temporary);
            }
        }
    }
}
