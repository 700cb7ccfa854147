using System.Buffers;

namespace Sage.HttpSignatures.StructuredFields;

/// <summary>A list that begins on the stack of its caller and goes on in pooled arrays. Holds public data only: what is returned to the pool is not cleared.</summary>
internal ref struct GrowingBuffer<T>(Span<T> initial) : IDisposable
    where T : unmanaged
{
    private Span<T> _space = initial;
    private T[]? _rented;

    public int Count { get; private set; }

    public readonly Span<T> Written => _space[..Count];

    public void Add(T value) => Reserve(1)[0] = value;

    public void AddRange(scoped ReadOnlySpan<T> values) => values.CopyTo(Reserve(values.Length));

    public void RemoveLast() => Count--;

    /// <summary>The next places, counted as written; the caller fills them at once.</summary>
    public Span<T> Reserve(int length)
    {
        if (length > _space.Length - Count)
        {
            Grow(length);
        }

        Span<T> reserved = _space.Slice(Count, length);
        Count += length;
        return reserved;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<T>.Shared.Return(_rented);
            _rented = null;
            _space = default;
            Count = 0;
        }
    }

    private void Grow(int length)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(Count + length, 2 * _space.Length));
        Written.CopyTo(larger);
        T[]? former = _rented;
        _space = _rented = larger;
        if (former is not null)
        {
            ArrayPool<T>.Shared.Return(former);
        }
    }
}
