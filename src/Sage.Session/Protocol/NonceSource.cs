using System.Diagnostics;
using System.Security.Cryptography;

namespace Sage.Session;

/// <summary>
/// Random record nonces, drawn from the system's generator many at a time because one call per record would cost as much
/// as the cipher. Each is handed out once and zeroed where it lay. Not thread-safe: the send lock is its owner's.
/// </summary>
internal sealed class NonceSource
{
    public const int NonceSize = 12;

    private const int Batch = 32;

    // Not before the first record: a session that only waits costs less.
    private byte[]? buffer;
    private int next;

    public void Take(Span<byte> nonce)
    {
        Debug.Assert(nonce.Length == NonceSize);
        buffer ??= new byte[Batch * NonceSize];
        if (next == 0)
        {
            RandomNumberGenerator.Fill(buffer);
        }

        Span<byte> taken = buffer.AsSpan(next, NonceSize);
        taken.CopyTo(nonce);
        taken.Clear();
        next = (next + NonceSize) % buffer.Length;
    }

    public void Erase()
    {
        CryptographicOperations.ZeroMemory(buffer);
        next = 0;
    }
}
