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

    private readonly byte[] buffer = new byte[Batch * NonceSize];
    private int next = Batch * NonceSize;

    public void Take(Span<byte> nonce)
    {
        Debug.Assert(nonce.Length == NonceSize);
        if (next == buffer.Length)
        {
            RandomNumberGenerator.Fill(buffer);
            next = 0;
        }

        Span<byte> taken = buffer.AsSpan(next, NonceSize);
        taken.CopyTo(nonce);
        taken.Clear();
        next += NonceSize;
    }

    public void Erase()
    {
        CryptographicOperations.ZeroMemory(buffer);
        next = buffer.Length;
    }
}
