using System.Buffers;

namespace Sage.Session;

/// <summary>Collects output in a shared buffer, so that only the finished array is allocated.</summary>
internal sealed class PooledBufferWriter(int expectedSize) : IBufferWriter<byte>, IDisposable
{
    private const int MinimumFree = 256;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(expectedSize);
    private int length;

    public byte[] ToArray() => buffer.AsSpan(0, length).ToArray();

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - length);
        length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Reserve(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, MinimumFree);
        if (buffer.Length - length >= wanted)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(length + wanted), (int)Math.Min(buffer.Length * 2L, Array.MaxLength)));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
