using Sage.Tests.Contracts;

namespace Sage.Did.Tests.Unit.Mirror;

[TestFixture]
internal sealed class RegistryMirrorStoreTests : RegistryMirrorStoreContract
{
    protected override IRegistryMirrorStore Create() => new MemoryRegistryMirrorStore();

    protected override IRegistryMirrorStore Connect(IRegistryMirrorStore store) => store;

    [Test]
    public void An_entry_is_bounded()
    {
        AgentDid did = AgentDid.Parse("did:example:a");
        Assert.Multiple(() =>
        {
            Refused(default, [1]);
            Refused(did, []);
            Refused(did, new byte[RegistryMirrorEntry.MaxValueSize + 1]);
            Refused(did, [1], "a", "a");
            Refused(did, [1], "");
            Refused(did, [1], "a b");
            Refused(did, [1], new string('a', RegistryMirrorEntry.MaxTermLength + 1));
            Refused(did, [1], [.. Enumerable.Range(0, RegistryMirrorEntry.MaxTerms + 1).Select(i => $"t{i}")]);
        });

        static void Refused(AgentDid did, byte[] value, params string[] terms) =>
            Assert.That(() => new RegistryMirrorEntry(did, value, terms), Throws.ArgumentException);
    }
}
