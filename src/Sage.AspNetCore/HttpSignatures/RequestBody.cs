using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sage.AspNetCore;

/// <summary>Reads the body of a request for its digest and leaves it readable for the application.</summary>
internal static class RequestBody
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>The whole body, or <see langword="null"/> if it is longer than <paramref name="limit"/>, said or sent.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        Stream body = request.Body;
        return body.CanSeek
            ? await RereadAsync(body, limit, cancellationToken)
            : await BufferAsync(request, body, limit, cancellationToken);
    }

    // Buffered already: an earlier middleware may have read a part of it, and the digest is of the whole.
    private static async ValueTask<ReadOnlyMemory<byte>?> RereadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        long position = body.Position;
        MemoryStream buffer = new();
        try
        {
            body.Position = 0;
            return Whole(await CopyAsync(body, buffer, limit, cancellationToken), buffer);
        }
        finally
        {
            body.Position = position;
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> BufferAsync(HttpRequest request, Stream body, int limit, CancellationToken cancellationToken)
    {
        MemoryStream buffer = new();
        bool ended = false;
        try
        {
            ended = await CopyAsync(body, buffer, limit, cancellationToken);
            return Whole(ended, buffer);
        }
        finally
        {
            // Setting the stream renews BodyReader too. What could not be buffered whole is read on behind what was.
            MemoryStream read = new(buffer.GetBuffer(), 0, (int)buffer.Length, writable: false, publiclyVisible: true);
            request.Body = ended ? read : new ResumedStream(read, body);
        }
    }

    /// <summary>Whether the end came before the limit. The buffer grows with what arrives, never with what is announced.</summary>
    private static async ValueTask<bool> CopyAsync(Stream body, MemoryStream buffer, int limit, CancellationToken cancellationToken)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int read;
            while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > limit)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
        }
    }

    // Without the type, null would be an empty body.
    private static ReadOnlyMemory<byte>? Whole(bool ended, MemoryStream buffer) =>
        ended ? buffer.GetBuffer().AsMemory(0, (int)buffer.Length) : (ReadOnlyMemory<byte>?)null;
}
