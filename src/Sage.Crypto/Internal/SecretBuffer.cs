using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>A fixed-size secret on the pinned heap: never copied by the collector, zeroed on dispose or finalisation.</summary>
/// <remarks>
/// A span does not keep this object alive: who passes <see cref="Span"/> to a call must keep the buffer reachable until
/// the call returns (<see cref="GC.KeepAlive"/>), or the finaliser may zero the secret while it is in use.
/// </remarks>
internal sealed class SecretBuffer : IDisposable
{
    private readonly byte[] bytes;
    private bool disposed;

    public SecretBuffer(int size) => bytes = GC.AllocateArray<byte>(size, pinned: true);

    public SecretBuffer(ReadOnlySpan<byte> secret)
        : this(secret.Length) => secret.CopyTo(bytes);

    ~SecretBuffer() => CryptographicOperations.ZeroMemory(bytes);

    public Span<byte> Span
    {
        get
        {
            return disposed ? throw new ObjectDisposedException(null, "The secret of this object was zeroed when it was disposed.") : bytes;
        }
    }

    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(bytes);
        GC.SuppressFinalize(this);
    }

    public override string ToString() => nameof(SecretBuffer);
}
