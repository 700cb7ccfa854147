using System.Text;
using System.Text.Unicode;

namespace Sage.Did.Ethereum.Abi;

/// <summary>
/// Reads arguments one after another, in the strict form of the ABI alone: offsets lead where the one before ended, padding
/// is zero, texts are UTF-8. So no byte is read twice, and what is read takes time and memory in proportion to the data,
/// whatever a hostile node claims. After the first error everything read is empty; <see cref="TryEnd"/> tells.
/// </summary>
internal ref struct AbiReader
{
    private readonly ReadOnlySpan<byte> data;
    private Frame[] outer = [];
    private int depth;
    private Frame frame;

    // Where what is dynamic goes on.
    private int tail;
    private bool failed;

    /// <param name="data">What a call returned, or what follows a selector.</param>
    /// <param name="headWords">Words that the values take in their place: one for a dynamic value.</param>
    public AbiReader(ReadOnlySpan<byte> data, int headWords)
    {
        this.data = data;
        Enter(0, headWords);
    }

    /// <summary>Whether there was an error, after which everything read is empty.</summary>
    public readonly bool IsFailed => failed;

    /// <summary>Reads an unsigned integer of so many bits.</summary>
    public UInt256 Number(int bits = 256) => Read(AbiWord.FitsUnsigned(Word(out ReadOnlySpan<byte> word), bits), word);

    /// <summary>Reads a signed integer of so many bits as its two's complement of 256 bits.</summary>
    public UInt256 SignedNumber(int bits) => Read(AbiWord.FitsSigned(Word(out ReadOnlySpan<byte> word), bits), word);

    /// <summary>Reads an unsigned integer of at most 64 bits.</summary>
    public ulong UInt64() => Number(64).ToUInt64();

    public bool Bool()
    {
        UInt256 number = Number();
        failed |= number > UInt256.One;
        return number == UInt256.One && !failed;
    }

    public EthereumAddress Address()
    {
        Word(out ReadOnlySpan<byte> word);
        failed |= !AbiWord.FitsUnsigned(word, 8 * EthereumAddress.Size);
        return failed ? default : EthereumAddress.FromBytes(word[^EthereumAddress.Size..]);
    }

    /// <summary>Reads bytesN; of so many bytes also after an error.</summary>
    public ReadOnlySpan<byte> FixedBytes(int size)
    {
        Word(out ReadOnlySpan<byte> word);
        failed |= !AbiWord.IsAll(word[size..], 0);
        return word[..size];
    }

    public ReadOnlySpan<byte> Bytes()
    {
        FollowOffset();
        int length = Length(1);
        long padded = AbiWord.Padded(length);
        if (failed || padded > data.Length - tail)
        {
            failed = true;
            return default;
        }

        ReadOnlySpan<byte> content = data.Slice(tail, (int)padded);
        tail += (int)padded;
        failed |= !AbiWord.IsAll(content[length..], 0);
        return failed ? default : content[..length];
    }

    public string String()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        failed |= !Utf8.IsValid(bytes);
        return failed ? "" : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Begins a dynamic tuple or T[k], whose members take so many words in their place. A static one is read as its members.</summary>
    public void BeginTuple(int words)
    {
        FollowOffset();
        Enter(tail, words);
    }

    /// <summary>Begins a T[], whose elements take so many words each in their place.</summary>
    /// <returns>The number of elements, all of which are within the data; 0 after an error.</returns>
    public int BeginArray(int elementWords)
    {
        FollowOffset();
        int count = Length(elementWords * AbiWord.Size);
        Enter(tail, count * elementWords);
        return failed ? 0 : count;
    }

    /// <summary>Ends the tuple or array begun last; all of it must have been read.</summary>
    public void End()
    {
        failed |= frame.Head != frame.HeadEnd;
        frame = outer[--depth];
    }

    /// <summary>Whether everything has been read without an error, and nothing is left over.</summary>
    public readonly bool TryEnd() => !failed && depth == 1 && frame.Head == frame.HeadEnd && tail == data.Length;

    private static ReadOnlySpan<byte> ZeroWord => "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8;

    private ReadOnlySpan<byte> Word(out ReadOnlySpan<byte> word)
    {
        failed |= frame.HeadEnd - frame.Head < AbiWord.Size;
        word = failed ? ZeroWord : data.Slice(frame.Head, AbiWord.Size);
        frame.Head += AbiWord.Size;
        return word;
    }

    private UInt256 Read(bool fits, ReadOnlySpan<byte> word)
    {
        failed |= !fits;
        return failed ? default : UInt256.FromBigEndian(word);
    }

    private void FollowOffset()
    {
        UInt256 offset = Number();
        failed |= offset != (UInt256)(ulong)(tail - frame.Start);
    }

    /// <summary>Reads the length at the tail, of which each unit takes at least so many bytes of what follows.</summary>
    private int Length(int unit)
    {
        if (failed || data.Length - tail < AbiWord.Size)
        {
            failed = true;
            return 0;
        }

        UInt256 length = UInt256.FromBigEndian(data.Slice(tail, AbiWord.Size));
        tail += AbiWord.Size;
        failed = length > (ulong)((data.Length - tail) / unit);
        return failed ? 0 : (int)length.ToUInt64();
    }

    private void Enter(int start, int words)
    {
        long end = start + ((long)words * AbiWord.Size);
        failed |= end > data.Length;
        if (depth == outer.Length)
        {
            Array.Resize(ref outer, depth + 4);
        }

        outer[depth++] = frame;
        frame = failed ? default : new Frame { Start = start, Head = start, HeadEnd = (int)end };
        tail = failed ? tail : (int)end;
    }

    private struct Frame
    {
        public int Start;
        public int Head;
        public int HeadEnd;
    }
}
