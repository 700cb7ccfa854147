using System.Security.Cryptography;
using System.Text;

namespace Sage.Databases;

/// <summary>
/// A backup: one file and, beside it, a file <c>.sha256</c> in the form of <c>sha256sum</c>. A backup without it, or one that it does not
/// fit, is refused before anything of it is used. Both are for their owner alone.
/// </summary>
internal static class BackupFile
{
    private const int HashLength = 64;

    /// <summary>Creates a file that only its owner can read, and that was not there.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    public static FileStream Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Has a file made under another name, and gives it its name when it is whole and its checksum is written. A failure leaves neither.</summary>
    /// <exception cref="IOException">One of them exists, or cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<string, Task> write, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        string checksum = ChecksumOf(path), temporary = path + ".tmp";
        if (new[] { path, checksum, temporary }.FirstOrDefault(File.Exists) is { } existing)
        {
            throw new IOException($"'{existing}' exists; a backup replaces nothing.");
        }

        // It also keeps the name: of two that write the same backup, one is refused here.
        FileStream beside = Create(checksum);
        bool isWhole = false;
        try
        {
            await using (beside.ConfigureAwait(false))
            {
                await write(temporary).ConfigureAwait(false);
                string hash = await HashAsync(temporary, cancellationToken).ConfigureAwait(false);
                await beside.WriteAsync(Encoding.UTF8.GetBytes($"{hash}  {Path.GetFileName(path)}\n"), cancellationToken).ConfigureAwait(false);
                beside.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
            isWhole = true;
        }
        finally
        {
            File.Delete(temporary);
            if (!isWhole)
            {
                File.Delete(checksum);
            }
        }
    }

    /// <summary>Fails unless a stream, read to its end, has the content of the backup that was written at a path; it may be a copy of it.</summary>
    /// <exception cref="InvalidDataException">It has not, or the checksum is missing or malformed.</exception>
    public static async Task VerifyAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        string checksum = ChecksumOf(path);
        if (!File.Exists(checksum))
        {
            throw new InvalidDataException($"'{checksum}' is missing: without it nothing says that the backup is whole.");
        }

        byte[] start = new byte[HashLength + 1];
        int read;
        FileStream beside = File.OpenRead(checksum);
        await using (beside.ConfigureAwait(false))
        {
            read = await beside.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }

        string expected = ReadHash(start.AsSpan(0, read)) ?? throw new InvalidDataException($"'{checksum}' is no checksum.");
        string actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        if (actual != expected)
        {
            throw new InvalidDataException($"'{path}' is not the backup that was written: its SHA-256 differs. Nothing was restored.");
        }
    }

    /// <summary>The SHA-256 with which a file of <c>sha256sum</c> begins, in lower-case hexadecimal, or null if it begins with something else.</summary>
    public static string? ReadHash(ReadOnlySpan<byte> line)
    {
        if (line.Length <= HashLength || line[HashLength] != (byte)' ')
        {
            return null;
        }

        string hash = Encoding.Latin1.GetString(line[..HashLength]);
        return hash.All(char.IsAsciiHexDigit) ? hash.ToLowerInvariant() : null;
    }

    private static string ChecksumOf(string path) => path + ".sha256";

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        FileStream stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        }
    }
}
