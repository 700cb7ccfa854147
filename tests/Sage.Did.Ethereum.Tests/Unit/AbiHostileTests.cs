using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>What a hostile node may answer: nothing of it is read, and nothing is allocated from its lengths.</summary>
[TestFixture]
internal sealed class AbiHostileTests
{
    private const string Max = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    private const string TwoTo255 = "8000000000000000000000000000000000000000000000000000000000000000";

    [TestCase("(string)", TwoTo255, "0", TestName = "an offset of 2^255")]
    [TestCase("(string)", Max, "0", TestName = "an offset of 2^256-1")]
    [TestCase("(string)", "100000020", "0", TestName = "an offset that is right modulo 2^32")]
    [TestCase("(string)", "40", "0", "0", TestName = "an offset with a gap before it")]
    [TestCase("(string)", "0", TestName = "an offset to itself")]
    [TestCase("(string)", "21", "0", "0", TestName = "an offset between words")]
    [TestCase("(string)", "20", Max, TestName = "a length of 2^256-1")]
    [TestCase("(string)", "20", TwoTo255, TestName = "a length of 2^255")]
    [TestCase("(string)", "20", "7fffffff", TestName = "a length of 2^31-1")]
    [TestCase("(string)", "20", "21", "0", TestName = "a length of a byte more than there is")]
    [TestCase("(bytes)", "20", "1", "1", TestName = "padding of bytes that is not zero")]
    [TestCase("(string)", "20", "1", "ff00000000000000000000000000000000000000000000000000000000000000", TestName = "a text that is not UTF-8")]
    [TestCase("(string)", "20", "2", "c080000000000000000000000000000000000000000000000000000000000000", TestName = "an overlong form in a text")]
    [TestCase("(string)", "20", "3", "eda0800000000000000000000000000000000000000000000000000000000000", TestName = "a surrogate in a text")]
    [TestCase("(uint256[])", "20", "100000000", "1", TestName = "an array of 2^32")]
    [TestCase("(uint256[])", "20", Max, "1", TestName = "an array of 2^256-1")]
    [TestCase("(uint256[])", "20", "800000000000000", "1", TestName = "an array whose size overflows 64 bits")]
    [TestCase("(uint256[])", "20", "2", "1", TestName = "an array cut short")]
    [TestCase("(uint256[])", "20", TestName = "an array without a length")]
    [TestCase("(string[])", "20", "2", "0", "0", TestName = "elements that lie on their own offsets")]
    [TestCase("(string[])", "20", "2", "40", "40", "0", TestName = "two elements in one place")]
    [TestCase("(bytes,bytes)", "40", "40", "0", TestName = "two arguments in one place")]
    [TestCase("(bytes,bytes)", "60", "40", "0", "0", TestName = "arguments in the wrong order")]
    [TestCase("(uint8)", "100", TestName = "a number out of range")]
    [TestCase("(int8)", "80", TestName = "a signed number that is not sign-extended")]
    [TestCase("(int8)", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", TestName = "a positive number extended as a negative one")]
    [TestCase("(bool)", "2", TestName = "a boolean of two")]
    [TestCase("(bool)", TwoTo255, TestName = "a boolean of 2^255")]
    [TestCase("(address)", "10000000000000000000000000000000000000000", TestName = "an address of 161 bits")]
    [TestCase("(bytes3)", "1", TestName = "fixed bytes that are not padded with zero")]
    [TestCase("(uint256)", "1", "2", TestName = "a word too many")]
    [TestCase("(uint256,uint256)", "1", TestName = "a word too few")]
    [TestCase("()", "0", TestName = "a word for nothing")]
    public void Is_refused(string type, params string[] words)
    {
        byte[] data = [.. words.SelectMany(word => Convert.FromHexString(word.PadLeft(64, '0')))];

        Assert.That(AbiCodec.TryDecode(AbiType.Parse(type), data, out _), Is.False);
    }

    [TestCase("(uint256[])")]
    [TestCase("(string)")]
    [TestCase("((string,bytes)[],uint8[2][])")]
    [TestCase("(uint256,bytes32)")]
    public void Every_prefix_of_an_answer_is_refused(string text)
    {
        AbiType type = AbiType.Parse(text);
        byte[] whole = AbiCodec.Encode(type, Sample(type));
        Assert.That(AbiCodec.TryDecode(type, whole, out _), Is.True);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(AbiCodec.TryDecode(type, whole.AsSpan(0, length), out _), Is.False, $"{length} of {whole.Length}");
        }
    }

    [Test]
    public void Arrays_that_share_their_elements_are_not_unfolded()
    {
        // Sixteen levels of arrays, each with 16 offsets to the same inner one: 16^16 elements, if sharing were allowed.
        AbiType type = AbiType.Parse("(uint256[][][][][][][][][][][][][][])");
        List<byte> data = [.. Word(0x20)];
        for (int level = 0; level < 13; level++)
        {
            data.AddRange(Word(16));
            for (int i = 0; i < 16; i++)
            {
                data.AddRange(Word(16 * 32));
            }
        }

        data.AddRange(Word(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = AbiCodec.TryDecode(type, data.ToArray(), out _);

        Assert.That((read, GC.GetAllocatedBytesForCurrentThread() - before < 100_000), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_length_from_outside_allocates_nothing()
    {
        AbiType type = AbiType.Parse("(string[4000][4000][4000])");
        byte[] data = [.. Word(0x20), .. Word(0x7FFFFFFF), .. new byte[320]];
        AbiCodec.TryDecode(type, data, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string text in new[] { "(string)", "(bytes)", "(uint256[])", "(string[][])", "((bytes,bytes)[])" })
        {
            Assert.That(AbiCodec.TryDecode(AbiType.Parse(text), data, out _), Is.False);
        }

        Assert.That(AbiCodec.TryDecode(type, data, out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));
    }

    [Test]
    public void After_an_error_the_reader_gives_nothing_more()
    {
        AbiReader reader = new(Word(7), headWords: 1);
        bool wrong = reader.Bool();
        (UInt256 number, EthereumAddress address, string text, int count) = (reader.Number(), reader.Address(), reader.String(), reader.BeginArray(1));
        reader.End();
        reader.BeginTuple(3);
        int length = reader.FixedBytes(4).Length + reader.Bytes().Length;
        reader.End();

        Assert.That((wrong, number, address, text, count, length, reader.IsFailed, reader.TryEnd()), Is.EqualTo((false, UInt256.Zero, EthereumAddress.Zero, "", 0, 4, true, false)));
    }

    [Test]
    public void What_is_not_read_to_the_end_does_not_count()
    {
        byte[] data = [.. Word(0x20), .. Word(1), .. Word(5)];
        AbiReader unread = new(data, headWords: 1);
        unread.BeginArray(1);
        unread.End();
        AbiReader open = new(data, headWords: 1);
        open.BeginArray(1);
        open.Number();

        Assert.That((unread.TryEnd(), open.TryEnd()), Is.EqualTo((false, false)));
    }

    private static byte[] Word(ulong value)
    {
        byte[] word = new byte[32];
        ((UInt256)value).WriteBigEndian(word);
        return word;
    }

    // Two elements in every array, and nothing that is zero.
    private static AbiValue Sample(AbiType type) => type.Kind switch
    {
        AbiKind.Array => AbiValue.List(Sample(type.Element!), Sample(type.Element!)),
        AbiKind.FixedArray => AbiValue.List([.. Enumerable.Range(0, type.Size).Select(_ => Sample(type.Element!))]),
        AbiKind.Tuple => AbiValue.List([.. type.Components.Select(Sample)]),
        AbiKind.String => AbiValue.Of("text"),
        AbiKind.Bytes => AbiValue.Of("bytes"u8.ToArray()),
        AbiKind.FixedBytes => AbiValue.Of(Enumerable.Repeat((byte)1, type.Size).ToArray()),
        _ => AbiValue.Of(1),
    };
}
