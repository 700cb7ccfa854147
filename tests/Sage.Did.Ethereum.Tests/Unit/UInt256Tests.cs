using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>The integer of 256 bits against the one of any size.</summary>
[TestFixture]
internal sealed class UInt256Tests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public Property Arithmetic_is_that_of_integers_or_overflows() => Prop.ForAll(Numbers, Numbers, Smalls, (left, right, small) =>
        Same(left + right, () => From(left) + From(right))
        && Same(left - right, () => From(left) - From(right))
        && Same(left * small, () => From(left) * small)
        && (small == 0 || (Big(From(left).DivRem(small).Quotient) == left / small && From(left).DivRem(small).Remainder == left % small))
        && From(left).CompareTo(From(right)) == left.CompareTo(right)
        && From(left) == From(right) == (left == right));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Texts_and_bytes_read_back() => Prop.ForAll(Numbers, number =>
    {
        UInt256 value = From(number);
        byte[] bytes = new byte[32];
        value.WriteBigEndian(bytes);
        string quantity = "0x" + (number.IsZero ? "0" : number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0'));
        return value.ToString() == number.ToString(CultureInfo.InvariantCulture)
            && UInt256.Parse(value.ToString()) == value
            && value.ToQuantity() == quantity
            && UInt256.TryParseQuantity(quantity, out UInt256 again) && again == value
            && UInt256.FromBigEndian(bytes) == value
            && value.ByteCount == (number.IsZero ? 0 : number.GetByteCount(isUnsigned: true))
            && value.TryToUInt64(out ulong small) == (number <= ulong.MaxValue) && (number > ulong.MaxValue || small == number);
    });

    [TestCase("")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase("01")]
    [TestCase(" 1")]
    [TestCase("1_0")]
    [TestCase("0x1")]
    [TestCase("١")]
    [TestCase("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [TestCase("999999999999999999999999999999999999999999999999999999999999999999999999999999")]
    public void What_is_no_decimal_integer_below_the_bound_is_refused(string text)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(UInt256.TryParse(text, out _), Is.False);
            Assert.That(() => UInt256.Parse(text), Throws.TypeOf<FormatException>());
        }
    }

    [TestCase("")]
    [TestCase("0x")]
    [TestCase("1")]
    [TestCase("0X1")]
    [TestCase("0x00")]
    [TestCase("0x01")]
    [TestCase("0x-1")]
    [TestCase("0xg")]
    [TestCase("0x1 ")]
    [TestCase("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_quantity_is_refused(string text) => Assert.That(UInt256.TryParseQuantity(text, out _), Is.False);

    [Test]
    public void The_largest_value_reads_and_one_more_overflows()
    {
        UInt256 largest = UInt256.Parse("115792089237316195423570985008687907853269984665640564039457584007913129639935");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(largest, Is.EqualTo(UInt256.MaxValue));
            Assert.That(() => largest + UInt256.One, Throws.TypeOf<OverflowException>());
            Assert.That(() => largest * 2, Throws.TypeOf<OverflowException>());
            Assert.That(() => UInt256.Zero - UInt256.One, Throws.TypeOf<OverflowException>());
            Assert.That(() => largest.ToUInt64(), Throws.TypeOf<OverflowException>());
            Assert.That(() => UInt256.FromBigEndian(new byte[33]), Throws.ArgumentException);
            Assert.That(() => largest.WriteBigEndian(new byte[31]), Throws.ArgumentException);
        }
    }

    // Of every size, with many zero and many one bits.
    private static Arbitrary<BigInteger> Numbers =>
        (from size in Gen.Choose(0, 32)
         from kind in Gen.Choose(0, 2)
         from bytes in Gen.Choose(0, 255).ArrayOf(size)
         select new BigInteger([.. bytes.Select(b => kind switch { 0 => (byte)b, 1 => (byte)0xFF, _ => (byte)(b & 1) })], isUnsigned: true, isBigEndian: true)).ToArbitrary();

    private static Arbitrary<ulong> Smalls => Gen.OneOf(ArbMap.Default.GeneratorFor<ulong>(), Gen.Elements(0UL, 1UL, ulong.MaxValue, 1UL << 63)).ToArbitrary();

    private static UInt256 From(BigInteger number) => UInt256.FromBigEndian(number.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static BigInteger Big(UInt256 value)
    {
        byte[] bytes = new byte[32];
        value.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static bool Same(BigInteger expected, Func<UInt256> operation)
    {
        try
        {
            return Big(operation()) == expected;
        }
        catch (OverflowException)
        {
            return expected < 0 || expected >= Modulus;
        }
    }
}
