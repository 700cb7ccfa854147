using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>Why a call was reverted, in one line that can be shown.</summary>
[TestFixture]
internal sealed class AbiErrorsTests
{
    private static readonly AbiErrors Errors = new("NotAuthorized()", "TooManyKeys(uint256,string)");

    [Test]
    public void A_reason_in_words_is_read()
    {
        // What require(false, "not the owner") leaves.
        byte[] data = Convert.FromHexString(
            "08c379a00000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000000d6e6f7420746865206f776e657200000000000000000000000000000000000000");

        Assert.That(Errors.Read(data).Message, Is.EqualTo("reverted: not the owner"));
    }

    [TestCase(0x11UL, "panicked: 0x11, arithmetic overflow")]
    [TestCase(0x32UL, "panicked: 0x32, index out of bounds")]
    [TestCase(0x99UL, "panicked: 0x99")]
    public void A_panic_is_explained(ulong code, string message) =>
        Assert.That(Errors.Read(new AbiWriter(AbiSignature.Parse("Panic(uint256)").Selector).Number(code).ToArray()).Message, Is.EqualTo(message));

    [Test]
    public void An_error_of_the_contract_is_found_by_its_selector()
    {
        AbiSignature signature = AbiSignature.Parse("TooManyKeys(uint256,string)");
        RevertReason reason = Errors.Read(new AbiWriter(signature.Selector).Number(17).String("x").ToArray());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason.Error!.Name, Is.EqualTo("TooManyKeys"));
            Assert.That(reason.Arguments[0].Number, Is.EqualTo((UInt256)17));
            Assert.That(reason.ToString(), Is.EqualTo("reverted with TooManyKeys"));
            Assert.That(Errors.Read(AbiSignature.Parse("NotAuthorized()").Selector).Message, Is.EqualTo("reverted with NotAuthorized"));
        }
    }

    [TestCase("", "reverted without data")]
    [TestCase("08c379", "reverted with malformed data")]
    [TestCase("deadbeef", "reverted with an unknown error 0xdeadbeef")]
    [TestCase("08c379a0", "reverted with malformed data for Error(string)")]
    [TestCase("08c379a0ffff", "reverted with malformed data for Error(string)")]
    public void Whatever_else_comes_stays_visible(string hex, string message) => Assert.That(Errors.Read(Convert.FromHexString(hex)).Message, Is.EqualTo(message));

    [Test]
    public void A_message_is_one_short_line()
    {
        string evil = "a\r\nb\u202Ec\u2028d\0e" + new string('x', 100_000);
        string message = Errors.Read(new AbiWriter(AbiSignature.Parse("Error(string)").Selector).String(evil).ToArray()).Message;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message, Does.StartWith("reverted: a\uFFFD\uFFFDb\uFFFDc\uFFFDd\uFFFDe"));
            Assert.That(message, Has.Length.LessThan(300));
        }
    }
}
