using System.Security.Cryptography;

namespace Sage.Crypto.Internal;

/// <summary>A fixed-size secret on the pinned heap: never copied by the collector, zeroed on dispose or finalisation.</summary>
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
            ObjectDisposedException.ThrowIf(disposed, typeof(PrivateKey));
            return bytes;
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
