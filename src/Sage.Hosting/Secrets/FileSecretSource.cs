using System.Security.Cryptography;

namespace Sage.Hosting;

/// <summary>Secrets in files, as containers mount them: <c>file:/run/secrets/pg</c>. One line ending at the end does not count.</summary>
/// <param name="warn">Told of files that anybody on the machine can read.</param>
internal sealed class FileSecretSource(Action<string>? warn = null) : ISecretSource
{
    // Room for one line ending behind the largest secret, and one byte that shows that there is more.
    private const int MostRead = SecretValue.MaxSize + 3;

    public string Scheme => "file";

    public async ValueTask<SecretValue> ReadAsync(string reference, CancellationToken cancellationToken = default)
    {
        byte[] bytes = GC.AllocateArray<byte>(MostRead, pinned: true);
        try
        {
            int length = await ReadFileAsync(reference, bytes, cancellationToken).ConfigureAwait(false);
            length = WithoutLineEnding(bytes, length);
            return length is 0 or > SecretValue.MaxSize
                ? throw new SecretException(SecretError.InvalidSecret, $"the file '{reference}' is empty or larger than {SecretValue.MaxSize} bytes: it must hold the secret and nothing else.")
                : new SecretValue(bytes.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private async ValueTask<int> ReadFileAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            // Opened without a buffer of its own, which would keep a copy.
            FileStream file = new(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous });
            await using (file.ConfigureAwait(false))
            {
                CheckMode(path, file);
                return await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretException(SecretError.NotFound, $"there is no file '{path}': create it, or mend the path.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SecretException(SecretError.Denied, $"this process may not read the file '{path}': make it readable for its account.", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw new SecretException(SecretError.Unavailable, $"the file '{path}' cannot be read.", exception);
        }
    }

    // The mode of what was opened, not of what is now at the path.
    private void CheckMode(string path, FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
        if (mode.HasFlag(UnixFileMode.OtherWrite))
        {
            throw new SecretException(SecretError.Unprotected, $"anybody on this machine can change the file '{path}': take the right to write from others (chmod o-w).");
        }

        // Container engines mount secrets readable for all inside the container, so this is no more than worth a word.
        if (mode.HasFlag(UnixFileMode.OtherRead))
        {
            warn?.Invoke(path);
        }
    }

    private static int WithoutLineEnding(byte[] bytes, int length)
    {
        if (length > 0 && bytes[length - 1] == '\n')
        {
            length--;
            if (length > 0 && bytes[length - 1] == '\r')
            {
                length--;
            }
        }

        return length;
    }
}
