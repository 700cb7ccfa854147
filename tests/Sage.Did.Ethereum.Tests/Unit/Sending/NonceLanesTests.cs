using System.Runtime.CompilerServices;

namespace Sage.Did.Ethereum.Tests.Unit.Sending;

internal sealed class NonceLanesTests
{
    private static readonly EthereumAddress Account = EthereumAddress.Parse("0x000000000000000000000000000000000001a9e5");
    private static readonly EthereumAddress Other = EthereumAddress.Parse("0x000000000000000000000000000000000001a9e6");

    [Test]
    public void An_account_has_one_lane_on_each_chain_until_its_last_holder_gives_it_back()
    {
        NonceLane lane = NonceLanes.Acquire(1, Account);
        NonceLane same = NonceLanes.Acquire(1, Account);
        NonceLane otherChain = NonceLanes.Acquire(2, Account);
        NonceLane otherAccount = NonceLanes.Acquire(1, Other);
        Assert.That(same, Is.SameAs(lane));
        Assert.That(otherChain, Is.Not.SameAs(lane));
        Assert.That(otherAccount, Is.Not.SameAs(lane));

        NonceLanes.Release(1, Account, lane);
        NonceLane still = NonceLanes.Acquire(1, Account);
        Assert.That(still, Is.SameAs(lane));
        NonceLanes.Release(1, Account, lane);
        NonceLanes.Release(1, Account, lane);
        NonceLane next = NonceLanes.Acquire(1, Account);
        Assert.That(next, Is.Not.SameAs(lane));

        NonceLanes.Release(1, Account, lane);
        Assert.That(NonceLanes.Acquire(1, Account), Is.SameAs(next), "A lane that ended was given back once more and took the next with it.");
        NonceLanes.Release(1, Account, next);
        NonceLanes.Release(1, Account, next);
        NonceLanes.Release(2, Account, otherChain);
        NonceLanes.Release(1, Other, otherAccount);
        Assert.That(() => lane.Gate.Wait(0), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Lanes_that_nobody_gave_back_do_not_pile_up()
    {
        int before = NonceLanes.Count;
        for (int round = 0; round < 4; round++)
        {
            Forget(100);
            GC.Collect();
        }

        Assert.That(NonceLanes.Count - before, Is.LessThanOrEqualTo(200));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int lanes)
    {
        for (int i = 0; i < lanes; i++)
        {
            NonceLanes.Acquire((ulong)(1_000_000 + i), Account);
        }
    }
}
