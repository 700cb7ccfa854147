namespace Sage.Cli;

/// <summary>Reads whole inputs of a bounded size, from a file or standard input.</summary>
internal static class Inputs
{
    public const string StandardInput = "-";

    /// <summary>The most that is read of a message to sign or verify, in bytes.</summary>
    public const int MaximumMessage = 64 * 1024 * 1024;

    /// <exception cref="CommandException">The input is larger than <paramref name="maximum"/>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Task<byte[]> ReadAsync(Terminal terminal, string path, int maximum, CancellationToken cancellationToken) => path == StandardInput
        ? ReadAsync(terminal.Input, "standard input", maximum, cancellationToken)
        : ReadFileAsync(path, maximum, cancellationToken);

    /// <exception cref="CommandException">The file is larger than <paramref name="maximum"/>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<byte[]> ReadFileAsync(string path, int maximum, CancellationToken cancellationToken)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        return await ReadAsync(file, $"'{path}'", maximum, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string name, int maximum, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > maximum)
            {
                throw CommandException.Refused($"The content of {name} is larger than {maximum} bytes.");
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
