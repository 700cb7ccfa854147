using System.Runtime.InteropServices;
using System.Text;

namespace Sage.Did.Ethereum.Abi;

/// <summary>
/// Writes arguments one after another in the strict form of the ABI: what is dynamic goes behind, in order and without
/// gaps, with its offset in its place. Members of a tuple or an array are written between Begin and <see cref="End"/>.
/// </summary>
internal sealed class AbiWriter
{
    private readonly byte[] prefix;
    private readonly Stack<Frame> outer = new();
    private Frame frame = new(null);

    public AbiWriter(ReadOnlySpan<byte> selector = default) => prefix = selector.ToArray();

    public AbiWriter Number(UInt256 value)
    {
        value.WriteBigEndian(NewWord());
        return this;
    }

    public AbiWriter Bool(bool value) => Number(value ? UInt256.One : UInt256.Zero);

    public AbiWriter Address(EthereumAddress value)
    {
        value.CopyTo(NewWord()[^EthereumAddress.Size..]);
        return this;
    }

    /// <summary>bytesN.</summary>
    /// <exception cref="ArgumentException">There are none or more than 32 bytes.</exception>
    public AbiWriter FixedBytes(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > AbiWord.Size)
        {
            throw new ArgumentException("bytesN has 1 to 32 bytes.", nameof(value));
        }

        value.CopyTo(NewWord());
        return this;
    }

    public AbiWriter Bytes(ReadOnlySpan<byte> value)
    {
        BeginDynamic();
        int padding = (int)(AbiWord.Padded(value.Length) - value.Length);
        ((UInt256)(ulong)value.Length).WriteBigEndian(Grow(frame.Tail, AbiWord.Size));
        frame.Tail.AddRange(value);
        Grow(frame.Tail, padding);
        return this;
    }

    /// <exception cref="EncoderFallbackException">The text has a lone surrogate.</exception>
    public AbiWriter String(string value) => Bytes(StrictUtf8.GetBytes(value));

    /// <summary>Begins a tuple or a T[k]; it is dynamic if something dynamic is written into it.</summary>
    public AbiWriter BeginTuple() => Begin(null);

    /// <summary>Begins a T[].</summary>
    public AbiWriter BeginArray(int count) => Begin(count);

    /// <summary>Ends the tuple or array begun last.</summary>
    public AbiWriter End()
    {
        Frame inner = frame;
        frame = outer.Pop();
        inner.Link();
        bool dynamic = inner.Count is not null || inner.IsLinked;
        if (dynamic)
        {
            BeginDynamic();
        }

        List<byte> destination = dynamic ? frame.Tail : frame.Head;
        if (inner.Count is { } count)
        {
            ((UInt256)(ulong)count).WriteBigEndian(Grow(destination, AbiWord.Size));
        }

        destination.AddRange(CollectionsMarshal.AsSpan(inner.Head));
        destination.AddRange(CollectionsMarshal.AsSpan(inner.Tail));
        return this;
    }

    /// <summary>Everything written, behind the selector. The writer cannot be used afterwards.</summary>
    public byte[] ToArray()
    {
        if (outer.Count > 0)
        {
            throw new InvalidOperationException("A tuple or an array is not ended.");
        }

        frame.Link();
        return [.. prefix, .. frame.Head, .. frame.Tail];
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private AbiWriter Begin(int? count)
    {
        outer.Push(frame);
        frame = new Frame(count);
        return this;
    }

    private Span<byte> NewWord() => Grow(frame.Head, AbiWord.Size);

    private void BeginDynamic()
    {
        frame.Offsets.Add((frame.Head.Count, frame.Tail.Count));
        NewWord();
    }

    private static Span<byte> Grow(List<byte> list, int count)
    {
        int before = list.Count;
        CollectionsMarshal.SetCount(list, before + count);
        Span<byte> added = CollectionsMarshal.AsSpan(list)[before..];
        added.Clear();
        return added;
    }

    /// <summary>What is written between a Begin and its End.</summary>
    private sealed class Frame(int? count)
    {
        public int? Count { get; } = count;

        public List<byte> Head { get; } = [];

        public List<byte> Tail { get; } = [];

        /// <summary>Where in the head an offset goes, and where in the tail it leads.</summary>
        public List<(int At, int Tail)> Offsets { get; } = [];

        public bool IsLinked => Offsets.Count > 0;

        public void Link()
        {
            foreach ((int at, int tail) in Offsets)
            {
                ((UInt256)(ulong)(Head.Count + tail)).WriteBigEndian(CollectionsMarshal.AsSpan(Head).Slice(at, AbiWord.Size));
            }
        }
    }
}
