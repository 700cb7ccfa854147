using System.Buffers.Binary;

namespace Sage.PostgreSql.Internal;

/// <summary>The stream of one table inside a backup: frames of a length (4 bytes, big-endian) and so many bytes; length 0 ends it.</summary>
internal static class BackupFrames
{
    private const int MaxFrame = 64 * 1024;

    public static async Task WriteAsync(Stream content, Stream backup, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[sizeof(int) + MaxFrame];
        int read;
        do
        {
            read = await content.ReadAsync(frame.AsMemory(sizeof(int)), cancellationToken).ConfigureAwait(false);
            BinaryPrimitives.WriteInt32BigEndian(frame, read);
            await backup.WriteAsync(frame.AsMemory(0, sizeof(int) + read), cancellationToken).ConfigureAwait(false);
        }
        while (read > 0);
    }

    /// <exception cref="InvalidDataException">A length is out of its range, or the backup ends too early.</exception>
    public static async Task ReadAsync(Stream backup, Stream content, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[MaxFrame];
        while (true)
        {
            await FillAsync(backup, frame.AsMemory(0, sizeof(int)), cancellationToken).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadInt32BigEndian(frame);
            if (length == 0)
            {
                return;
            }

            if (length is < 0 or > MaxFrame)
            {
                throw new InvalidDataException("The backup is malformed.");
            }

            await FillAsync(backup, frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            await content.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="InvalidDataException">Something follows the last table.</exception>
    public static void RequireEnd(Stream backup)
    {
        if (backup.ReadByte() != -1)
        {
            throw new InvalidDataException("The backup goes on after its last table.");
        }
    }

    private static async Task FillAsync(Stream backup, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await backup.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < buffer.Length)
        {
            throw new InvalidDataException("The backup ends too early.");
        }
    }
}
