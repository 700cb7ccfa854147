using System.Security.Cryptography;
using System.Text;
using Sage.Crypto.Internal.Backend;

namespace Sage.Crypto.Internal;

/// <summary>A passphrase read from where an operator put it: bytes on the pinned heap, zeroed on dispose.</summary>
internal sealed class Passphrase : IDisposable
{
    public const int MaximumSize = 4096;

    private readonly byte[] buffer;
    private readonly int length;

    private Passphrase(byte[] buffer, int length)
    {
        this.buffer = buffer;
        this.length = length;
    }

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Reads a file of at most 4096 bytes; one line ending at its end does not count.</summary>
    /// <exception cref="InvalidOperationException">The file is empty or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Passphrase FromFile(string path)
    {
        byte[] buffer = GC.AllocateArray<byte>(MaximumSize + 1, pinned: true);
        bool kept = false;
        try
        {
            int length;
            using (FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
            {
                length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            }

            if (length > MaximumSize)
            {
                throw new InvalidOperationException($"The passphrase file '{path}' is larger than {MaximumSize} bytes.");
            }

            length -= buffer.AsSpan(0, length) switch
            {
                [.., (byte)'\r', (byte)'\n'] => 2,
                [.., (byte)'\n'] => 1,
                _ => 0,
            };
            if (length == 0)
            {
                throw new InvalidOperationException($"The passphrase file '{path}' is empty.");
            }

            kept = true;
            return new Passphrase(buffer, length);
        }
        finally
        {
            if (!kept)
            {
                CryptographicOperations.ZeroMemory(buffer);
            }
        }
    }

    /// <summary>
    /// Reads a variable of the environment this process was started with, or else one the program set itself. The
    /// process's environment block keeps it, which no program can undo: a file is the better place.
    /// </summary>
    /// <exception cref="InvalidOperationException">The variable is missing, empty or too large.</exception>
    public static Passphrase FromVariable(string name)
    {
        if (!OperatingSystem.IsWindows() && Libc.GetVariable(name) is { IsEmpty: false } native)
        {
            return Copy(name, native);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(name) ?? "");
        try
        {
            return Copy(name, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(buffer);

    public override string ToString() => nameof(Passphrase);

    private static Passphrase Copy(string name, ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > MaximumSize)
        {
            throw new InvalidOperationException(value.IsEmpty
                ? $"The environment variable '{name}' is not set or is empty; it must hold the passphrase."
                : $"The environment variable '{name}' is larger than {MaximumSize} bytes.");
        }

        byte[] buffer = GC.AllocateArray<byte>(value.Length, pinned: true);
        value.CopyTo(buffer);
        return new Passphrase(buffer, buffer.Length);
    }
}
