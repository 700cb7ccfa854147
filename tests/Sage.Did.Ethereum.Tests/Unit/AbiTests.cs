using System.Text;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>The examples of the ABI's specification, with the typed writer and reader and with the dynamic form.</summary>
[TestFixture]
internal sealed class AbiTests
{
    [Test]
    public void Baz_takes_a_number_and_a_boolean()
    {
        AbiSignature baz = AbiSignature.Parse("baz(uint32,bool)");
        byte[] expected = [.. Hex("cdcd77c0"), .. Words("45", "1")];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new AbiWriter(baz.Selector).Number(69).Bool(true).ToArray(), Is.EqualTo(expected));
            Assert.That(AbiCodec.Encode(baz.Arguments, AbiValue.List(AbiValue.Of(69), AbiValue.Of(true)), baz.Selector), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Bar_takes_a_static_array()
    {
        AbiSignature bar = AbiSignature.Parse("bar(bytes3[2])");
        byte[] expected = [.. Hex("fce353f6"), .. LeftWords("616263", "646566")];

        Assert.That(new AbiWriter(bar.Selector).BeginTuple().FixedBytes("abc"u8).FixedBytes("def"u8).End().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Sam_takes_bytes_a_boolean_and_an_array()
    {
        AbiSignature sam = AbiSignature.Parse("sam(bytes,bool,uint256[])");
        byte[] arguments = [.. Words("60", "1", "a0", "4"), .. LeftWords("64617665"), .. Words("3", "1", "2", "3")];
        byte[] written = new AbiWriter(sam.Selector).Bytes("dave"u8).Bool(true).BeginArray(3).Number(1).Number(2).Number(3).End().ToArray();
        Assert.That(written, Is.EqualTo((byte[])[.. Hex("a5643bf2"), .. arguments]));

        AbiReader reader = new(arguments, headWords: 3);
        string text = Encoding.UTF8.GetString(reader.Bytes());
        bool flag = reader.Bool();
        int count = reader.BeginArray(elementWords: 1);
        ulong sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += reader.UInt64();
        }

        reader.End();
        Assert.That((reader.TryEnd(), text, flag, count, sum), Is.EqualTo((true, "dave", true, 3, 6UL)));
    }

    [Test]
    public void F_takes_dynamic_and_static_ones_in_turn()
    {
        AbiSignature f = AbiSignature.Parse("f(uint256,uint32[],bytes10,bytes)");
        byte[] expected =
        [
            .. Hex("8be65246"), .. Words("123", "80"), .. LeftWords("31323334353637383930"), .. Words("e0", "2", "456", "789", "d"),
            .. LeftWords(Convert.ToHexString("Hello, world!"u8)),
        ];

        Assert.That(
            new AbiWriter(f.Selector).Number(0x123).BeginArray(2).Number(0x456).Number(0x789).End().FixedBytes("1234567890"u8).Bytes("Hello, world!"u8).ToArray(),
            Is.EqualTo(expected));
    }

    [Test]
    public void G_takes_arrays_of_arrays_and_of_texts()
    {
        AbiSignature g = AbiSignature.Parse("g(uint256[][],string[])");
        byte[] arguments =
        [
            .. Words("40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0", "3"), .. LeftWords("6f6e65"),
            .. Words("3"), .. LeftWords("74776f"), .. Words("5"), .. LeftWords("7468726565"),
        ];
        byte[] written = new AbiWriter(g.Selector)
            .BeginArray(2).BeginArray(2).Number(1).Number(2).End().BeginArray(1).Number(3).End().End()
            .BeginArray(3).String("one").String("two").String("three").End()
            .ToArray();
        Assert.That(written, Is.EqualTo((byte[])[.. Hex("2289b18c"), .. arguments]));

        Assert.That(AbiCodec.TryDecode(g.Arguments, arguments, out AbiValue? values), Is.True);
        Assert.That(values!.Items![1].Items!.Select(item => item.Text), Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(values.Items[0].Items![0].Items![1].Number, Is.EqualTo((UInt256)2));
    }

    // From the registries' pages: ERC-8004 Identity.
    [TestCase("register()", "1aa3a008")]
    [TestCase("register(string)", "f2c298be")]
    [TestCase("register(string,(string,bytes)[])", "8ea42286")]
    [TestCase("setAgentWallet(uint256,address,uint256,bytes)", "2d1ef5ae")]
    [TestCase("isAuthorizedOrOwner(address,uint256)", "d95e72be")]
    [TestCase("Error(string)", "08c379a0")]
    [TestCase("Panic(uint256)", "4e487b71")]
    public void Selectors_are_those_of_deployed_contracts(string signature, string selector) =>
        Assert.That(Convert.ToHexStringLower(AbiSignature.Parse(signature).Selector), Is.EqualTo(selector));

    [TestCase("Registered(uint256,string,address)", "ca52e62c367d81bb2e328eb795f7c7ba24afb478408a26c0e201d155c449bc4a")]
    [TestCase("Transfer(address,address,uint256)", "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    public void Topics_are_those_of_deployed_contracts(string signature, string topic) =>
        Assert.That(Convert.ToHexStringLower(AbiSignature.Parse(signature).Hash.Span), Is.EqualTo(topic));

    [TestCase("uint")]
    [TestCase("uint0")]
    [TestCase("uint7")]
    [TestCase("uint264")]
    [TestCase("uint08")]
    [TestCase("int-8")]
    [TestCase("bytes0")]
    [TestCase("bytes33")]
    [TestCase("byte")]
    [TestCase("fixed128x18")]
    [TestCase("function")]
    [TestCase("uint8[0]")]
    [TestCase("uint8[01]")]
    [TestCase("uint8[-1]")]
    [TestCase("uint8[99999]")]
    [TestCase("uint8[4096][2]")]
    [TestCase("uint8[")]
    [TestCase("uint8[]]")]
    [TestCase("()[]")]
    [TestCase("(uint8")]
    [TestCase("(uint8,)")]
    [TestCase("(,uint8)")]
    [TestCase("uint8 ")]
    [TestCase(" uint8")]
    [TestCase("tuple(uint8)")]
    [TestCase("")]
    [TestCase("((((((((((((((((((uint8))))))))))))))))))")]
    [TestCase("uint8[][][][][][][][][][][][][][][][][][]")]
    public void What_is_no_type_is_refused(string text) => Assert.That(AbiType.TryParse(text, out _), Is.False);

    [Test]
    public void A_type_of_endless_parentheses_is_refused() => Assert.That(AbiType.TryParse(new string('(', 1_000_000), out _), Is.False);

    [TestCase("f")]
    [TestCase("f(")]
    [TestCase("(uint8)")]
    [TestCase("1f(uint8)")]
    [TestCase("f g(uint8)")]
    [TestCase("f(uint8)[]")]
    [TestCase("f(uint8) ")]
    public void What_is_no_signature_is_refused(string text) => Assert.That(AbiSignature.TryParse(text, out _), Is.False);

    [TestCase("uint8", 256UL)]
    [TestCase("bool", 2UL)]
    [TestCase("int8", 128UL)]
    public void A_number_out_of_range_is_not_written(string type, ulong number) =>
        Assert.That(() => AbiCodec.Encode(AbiType.Parse($"({type})"), AbiValue.List(AbiValue.Of(number))), Throws.ArgumentException);

    [Test]
    public void A_value_of_another_shape_is_not_written()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => AbiCodec.Encode(AbiType.Parse("(bytes3)"), AbiValue.List(AbiValue.Of(new byte[4]))), Throws.ArgumentException);
            Assert.That(() => AbiCodec.Encode(AbiType.Parse("(string)"), AbiValue.List(AbiValue.Of(1))), Throws.ArgumentException);
            Assert.That(() => AbiCodec.Encode(AbiType.Parse("(string)"), AbiValue.List()), Throws.ArgumentException);
            Assert.That(() => AbiCodec.Encode(AbiType.Parse("(uint8[2])"), AbiValue.List(AbiValue.List(AbiValue.Of(1)))), Throws.ArgumentException);
            Assert.That(() => AbiCodec.Encode(AbiType.Parse("(address)"), AbiValue.List(AbiValue.Of(UInt256.MaxValue))), Throws.ArgumentException);
            Assert.That(() => new AbiWriter().BeginArray(0).ToArray(), Throws.InvalidOperationException);
            Assert.That(() => new AbiWriter().String("\ud800"), Throws.InstanceOf<EncoderFallbackException>());
        }
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);

    private static byte[] Words(params string[] words) => [.. words.SelectMany(word => Hex(word.PadLeft(64, '0')))];

    private static byte[] LeftWords(params string[] words) => [.. words.SelectMany(word => Hex(word.PadRight(64, '0')))];
}
