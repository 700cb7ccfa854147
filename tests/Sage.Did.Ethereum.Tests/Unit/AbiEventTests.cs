using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Unit;

/// <summary>A log is of an event if its first topic says so, and is read if the rest is what the event declares.</summary>
[TestFixture]
internal sealed class AbiEventTests
{
    private static readonly AbiEvent Transfer = new("Transfer(address,address,uint256)", true, true, false);
    private static readonly ReadOnlyMemory<byte> From = new AbiWriter().Address(EthereumAddress.Parse("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf")).ToArray();
    private static readonly ReadOnlyMemory<byte> To = new AbiWriter().Number(2).ToArray();
    private static readonly byte[] Data = new AbiWriter().Number(5).ToArray();

    [Test]
    public void Arguments_come_in_the_order_of_the_signature()
    {
        Assert.That(Transfer.TryDecode([Transfer.Signature.Hash, From, To], Data, out IReadOnlyList<AbiValue>? arguments), Is.True);
        Assert.That(arguments!.Select(argument => argument.Number!.Value), Is.EqualTo(new[] { UInt256.FromBigEndian(From.Span), (UInt256)2, (UInt256)5 }));
    }

    [Test]
    public void An_indexed_text_is_there_as_its_hash()
    {
        AbiEvent named = new("Named(string)", true);
        Assert.That(named.TryDecode([named.Signature.Hash, From], [], out IReadOnlyList<AbiValue>? arguments), Is.True);
        Assert.That(arguments![0].Bytes!.Value.ToArray(), Is.EqualTo(From.ToArray()));
    }

    [Test]
    public void What_the_event_does_not_declare_is_refused()
    {
        ReadOnlyMemory<byte>[][] wrong =
        [
            [],
            [To, From, To],
            [Transfer.Signature.Hash, From],
            [Transfer.Signature.Hash, From, To, To],
            [Transfer.Signature.Hash, From, To[1..]],
            [Transfer.Signature.Hash, From, Enumerable.Repeat((byte)0xFF, 32).ToArray()],
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (ReadOnlyMemory<byte>[] topics in wrong)
            {
                Assert.That(Transfer.TryDecode(topics, Data, out _), Is.False, $"{topics.Length} topics");
            }

            Assert.That(Transfer.TryDecode([Transfer.Signature.Hash, From, To], [], out _), Is.False);
            Assert.That(() => new AbiEvent("Transfer(address,address,uint256)", true), Throws.ArgumentException);
            Assert.That(() => new AbiEvent("E(uint8,uint8,uint8,uint8)", true, true, true, true), Throws.ArgumentException);
        }
    }
}
