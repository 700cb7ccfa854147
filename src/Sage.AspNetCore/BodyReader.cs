using Microsoft.AspNetCore.Http;

namespace Sage.AspNetCore;

/// <summary>Reads a request body of bounded size.</summary>
internal static class BodyReader
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>The whole body, or <see langword="null"/> if it is larger than <paramref name="limit"/>, said or sent.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        // The buffer grows with what arrives, never with what Content-Length promises.
        using MemoryStream body = new();
        byte[] chunk = new byte[ChunkSize];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (body.Length + read > limit)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }
}
