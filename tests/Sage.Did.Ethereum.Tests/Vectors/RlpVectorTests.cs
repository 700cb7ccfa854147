using System.Text.Json;
using Sage.Did.Ethereum.Rlp;

namespace Sage.Did.Ethereum.Tests.Vectors;

/// <summary>RLP against the vectors of ethers, and the examples and the refusals that the encoding's description implies.</summary>
[TestFixture]
internal sealed class RlpVectorTests
{
    // The examples of the Ethereum documentation of RLP.
    private static readonly object[] Examples =
    [
        new object[] { RlpItem.Of("dog"u8), "83646f67" },
        new object[] { RlpItem.List(RlpItem.Of("cat"u8), RlpItem.Of("dog"u8)), "c88363617483646f67" },
        new object[] { RlpItem.Of([]), "80" },
        new object[] { RlpItem.List(), "c0" },
        new object[] { RlpItem.Of([0]), "00" },
        new object[] { RlpItem.Of([0x0F]), "0f" },
        new object[] { RlpItem.Of([0x7F]), "7f" },
        new object[] { RlpItem.Of([0x80]), "8180" },
        new object[] { RlpItem.Of([4, 0]), "820400" },
        new object[] { RlpItem.List(RlpItem.List(), RlpItem.List(RlpItem.List()), RlpItem.List(RlpItem.List(), RlpItem.List(RlpItem.List()))), "c7c0c1c0c3c0c1c0" },
        new object[] { RlpItem.Of("Lorem ipsum dolor sit amet, consectetur adipisicing elit"u8), "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974" },
    ];

    [Test]
    public async Task The_vectors_of_ethers_encode_and_decode() =>
        EthersVectors.Check(await EthersVectors.ReadAsync("rlp-coder"), 61, element =>
        {
            byte[] encoded = element.Hex("encoded");
            RlpItem item = Item(element.GetProperty("decoded"));
            return !item.Encode().AsSpan().SequenceEqual(encoded) ? "does not encode"
                : !RlpItem.TryDecode(encoded, out RlpItem? decoded) ? "does not decode"
                : !decoded.Encode().AsSpan().SequenceEqual(encoded) ? "decodes to something else"
                : null;
        });

    [TestCaseSource(nameof(Examples))]
    public void The_examples_of_the_documentation_encode_and_decode(RlpItem item, string hex)
    {
        byte[] encoded = Convert.FromHexString(hex);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(item.Encode(), Is.EqualTo(encoded));
            Assert.That(RlpItem.TryDecode(encoded, out RlpItem? decoded), Is.True);
            Assert.That(decoded!.Encode(), Is.EqualTo(encoded));
        }
    }

    // What the invalidRLPTest of ethereum/tests is about, written from the rules.
    [TestCase("", TestName = "nothing")]
    [TestCase("8100", TestName = "a byte that is its own encoding, prefixed")]
    [TestCase("817f", TestName = "the highest such byte, prefixed")]
    [TestCase("83646f", TestName = "a string cut short")]
    [TestCase("83646f6767", TestName = "a byte too many")]
    [TestCase("b800", TestName = "a long form of nothing")]
    [TestCase("b837", TestName = "a long form without content")]
    [TestCase("b90038", TestName = "a length with a leading zero")]
    [TestCase("b8", TestName = "a long form without a length")]
    [TestCase("bfffffffffffffffff", TestName = "a length of 2^64-1")]
    [TestCase("bb7fffffff", TestName = "a length of 2^31-1")]
    [TestCase("bbffffffff", TestName = "a length of 2^32-1")]
    [TestCase("c183", TestName = "a list whose item is cut short")]
    [TestCase("c28363", TestName = "an item that leaves its list")]
    [TestCase("c1", TestName = "a list cut short")]
    [TestCase("f800", TestName = "a long form of the empty list")]
    [TestCase("ffffffffffffffffff", TestName = "a list of 2^64-1 bytes")]
    [TestCase("c0c0", TestName = "two items")]
    [TestCase("b83700", TestName = "a long length that the short form holds")]
    public void What_is_not_canonical_is_refused(string hex) => Assert.That(RlpItem.TryDecode(Convert.FromHexString(hex), out _), Is.False);

    [Test]
    public void A_long_form_for_a_short_string_is_refused_although_all_its_bytes_are_there()
    {
        byte[] content = new byte[55];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RlpItem.TryDecode([0xB8, 55, .. content], out _), Is.False);
            Assert.That(RlpItem.TryDecode([0xB7, .. content], out _), Is.True);
            Assert.That(RlpItem.TryDecode([0xB8, 56, .. content, 0], out _), Is.True);
        }
    }

    [Test]
    public void A_length_that_is_written_longer_than_it_must_be_is_refused_although_all_its_bytes_are_there()
    {
        byte[] content = new byte[56];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RlpItem.TryDecode([0xB9, 0, 56, .. content], out _), Is.False);
            Assert.That(RlpItem.TryDecode([0xF9, 0, 56, .. content], out _), Is.False);
            Assert.That(RlpItem.TryDecode([0xBC, 1, 0, 0, 0, 56, .. content], out _), Is.False, "56 modulo 2^32");
            Assert.That(RlpItem.TryDecode([0xBF, 1, 0, 0, 0, 0, 0, 0, 56, .. content], out _), Is.False);
        }
    }

    [Test]
    public void Lists_are_read_to_a_bounded_depth_and_number()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RlpItem.TryDecode(Nested(RlpItem.MaximumDepth), out _), Is.True);
            Assert.That(RlpItem.TryDecode(Nested(RlpItem.MaximumDepth + 1), out _), Is.False);
            Assert.That(RlpItem.TryDecode(Nested(100_000), out _), Is.False);
            Assert.That(RlpItem.TryDecode(Wide(RlpItem.MaximumItems - 1), out _), Is.True);
            Assert.That(RlpItem.TryDecode(Wide(RlpItem.MaximumItems), out _), Is.False);
        }
    }

    [TestCase("00", TestName = "a zero byte for zero")]
    [TestCase("820001", TestName = "a leading zero")]
    [TestCase("a1010000000000000000000000000000000000000000000000000000000000000000", TestName = "33 bytes")]
    [TestCase("c0", TestName = "a list")]
    public void An_integer_has_one_form(string hex)
    {
        RlpReader reader = new(Convert.FromHexString(hex));
        bool read = reader.TryReadInteger(out UInt256 _);

        Assert.That(read, Is.False);
    }

    private static byte[] Nested(int depth)
    {
        RlpWriter writer = new();
        for (int i = 0; i < depth; i++)
        {
            writer.BeginList();
        }

        for (int i = 0; i < depth; i++)
        {
            writer.EndList();
        }

        return writer.ToArray();
    }

    private static byte[] Wide(int count)
    {
        RlpWriter writer = new();
        writer.BeginList();
        for (int i = 0; i < count; i++)
        {
            writer.Integer(1);
        }

        writer.EndList();
        return writer.ToArray();
    }

    private static RlpItem Item(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? RlpItem.List([.. element.EnumerateArray().Select(Item)])
        : RlpItem.Of(element.Hex());
}
