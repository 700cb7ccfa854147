using System.Buffers;
using System.Text;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Json;

[TestFixture]
public sealed class EcmaScriptNumberTests
{
    // RFC 8785 appendix B.
    [TestCase(0x0000000000000000UL, "0")]
    [TestCase(0x8000000000000000UL, "0")]
    [TestCase(0x0000000000000001UL, "5e-324")]
    [TestCase(0x8000000000000001UL, "-5e-324")]
    [TestCase(0x7fefffffffffffffUL, "1.7976931348623157e+308")]
    [TestCase(0xffefffffffffffffUL, "-1.7976931348623157e+308")]
    [TestCase(0x4340000000000000UL, "9007199254740992")]
    [TestCase(0xc340000000000000UL, "-9007199254740992")]
    [TestCase(0x4430000000000000UL, "295147905179352830000")]
    [TestCase(0x44b52d02c7e14af5UL, "9.999999999999997e+22")]
    [TestCase(0x44b52d02c7e14af6UL, "1e+23")]
    [TestCase(0x44b52d02c7e14af7UL, "1.0000000000000001e+23")]
    [TestCase(0x444b1ae4d6e2ef4eUL, "999999999999999700000")]
    [TestCase(0x444b1ae4d6e2ef4fUL, "999999999999999900000")]
    [TestCase(0x444b1ae4d6e2ef50UL, "1e+21")]
    [TestCase(0x3eb0c6f7a0b5ed8cUL, "9.999999999999997e-7")]
    [TestCase(0x3eb0c6f7a0b5ed8dUL, "0.000001")]
    [TestCase(0x41b3de4355555553UL, "333333333.3333332")]
    [TestCase(0x41b3de4355555554UL, "333333333.33333325")]
    [TestCase(0x41b3de4355555555UL, "333333333.3333333")]
    [TestCase(0x41b3de4355555556UL, "333333333.3333334")]
    [TestCase(0x41b3de4355555557UL, "333333333.33333343")]
    [TestCase(0xbecbf647612f3696UL, "-0.0000033333333333333333")]
    [TestCase(0x43143ff3c1cb0959UL, "1424953923781206.2")]
    public void The_samples_of_RFC_8785_hold(ulong bits, string text)
    {
        Assert.That(Write(BitConverter.UInt64BitsToDouble(bits)), Is.EqualTo(text));
    }

    [TestCase(9007199254740991d, "9007199254740991")]
    [TestCase(9007199254740993d, "9007199254740992")]
    [TestCase(1e21, "1e+21")]
    [TestCase(1e20, "100000000000000000000")]
    [TestCase(123456789012345680000d, "123456789012345680000")]
    [TestCase(1.5e21, "1.5e+21")]
    [TestCase(1e-6, "0.000001")]
    [TestCase(1e-7, "1e-7")]
    [TestCase(1.5e-7, "1.5e-7")]
    [TestCase(0.1, "0.1")]
    [TestCase(-1.5, "-1.5")]
    [TestCase(100, "100")]
    [TestCase(4.35, "4.35")]
    [TestCase(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [TestCase(1e100, "1e+100")]
    [TestCase(12345.678, "12345.678")]
    public void The_edges_of_each_notation_hold(double value, string text)
    {
        Assert.That(Write(value), Is.EqualTo(text));
        Assert.That(Write(-value), Is.EqualTo(text.StartsWith('-') ? text[1..] : "-" + text));
    }

    internal static string Write(double value)
    {
        ArrayBufferWriter<byte> output = new();
        EcmaScriptNumber.Write(value, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
