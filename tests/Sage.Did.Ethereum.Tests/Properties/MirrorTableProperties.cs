using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Properties;

internal sealed class MirrorTableProperties
{
    private static readonly EthereumDeployment Deployment = RegistryLogs.Somewhere;

    // X25519 takes any 32 bytes; a key a number.
    private static readonly PublicKey[] Keys = [.. Enumerable.Range(1, 6).Select(i => PublicKey.Import(KeyAlgorithm.X25519, [.. new byte[30], 9, (byte)i]))];

    [FsCheck.NUnit.Property(MaxTest = 200, EndSize = 80)]
    public void Whatever_changed_before_a_query_finds_what_a_walk_over_all_agents_would((byte Agent, byte Owner, byte Keys)[] changes, byte pageSize)
    {
        MirrorTable table = new();
        Dictionary<UInt256, MirrorEntry> model = [];
        foreach ((byte agent, byte owner, byte keys) in changes)
        {
            MirrorEntry entry = Entry(agent, owner % 4, keys);
            model[agent] = entry;
            table.Set([(Deployment.FormatDid(agent), entry)]);
        }

        MirrorEntry[] there = [.. model.OrderBy(entry => entry.Key).Select(entry => entry.Value).Where(entry => !entry.Settled.Owner.IsZero)];
        Assert.That(table.Count, Is.EqualTo(there.Length));
        int size = 1 + (pageSize % 7);
        foreach (EthereumAddress? owner in new EthereumAddress?[] { null, Account(1), Account(2), Account(3) })
        {
            foreach (PublicKey? key in Keys.Prepend(null))
            {
                foreach (bool? isActive in new bool?[] { null, true, false })
                {
                    UInt256[] expected =
                    [
                        .. there.Where(entry => (owner is null || entry.Settled.Owner == owner) && (isActive is null || isActive == entry.Document is not null)
                            && (key is null || (entry.Document?.KeyAgreement.Any(method => method.PublicKey.Equals(key)) ?? false))).Select(entry => entry.AgentId),
                    ];
                    AgentQuery query = new() { Owner = owner, Key = key, IsActive = isActive, PageSize = size };
                    Assert.That(All(table, query), Is.EqualTo(expected));
                }
            }
        }
    }

    [Test]
    public void A_rare_condition_on_many_agents_comes_in_pages_of_bounded_work()
    {
        MirrorTable table = new();
        table.Set(Enumerable.Range(0, 5_000).Select(i => (Deployment.FormatDid((ulong)i), Entry((ulong)i, 1, i == 4_999 ? 1 : 0x80))));
        AgentQuery query = new() { Owner = Account(1), IsActive = true, PageSize = 10 };
        AgentPage first = table.Find(query, Deployment.FormatDid);
        Assert.That(first.Agents, Is.Empty);
        Assert.That(first.Next, Is.EqualTo((UInt256)999));
        Assert.That(All(table, query), Is.EqualTo(new UInt256[] { 4_999 }));
    }

    [Test]
    public void What_is_said_of_an_agent_is_its_settled_state_and_its_document()
    {
        MirrorTable table = new();
        table.Set([(Deployment.FormatDid(7), Entry(7, 2, 0b11))]);
        MirroredAgent agent = table.Find(new AgentQuery(), Deployment.FormatDid).Agents.Single();
        Assert.That((agent.AgentId, agent.Did, agent.Owner, agent.Version, agent.Uri), Is.EqualTo(((UInt256)7, Deployment.FormatDid(7), Account(2), 3UL, "https://a.test/")));
        Assert.That(agent.Document!.KeyAgreement.Select(method => method.PublicKey), Is.EqualTo(Keys.Take(2)));
    }

    private static EthereumAddress Account(int number) => number == 0 ? default : RegistryModel.Account(number);

    /// <summary>Bits 0 to 5 are the keys; bit 7 deactivates.</summary>
    private static MirrorEntry Entry(UInt256 agent, int owner, int keys)
    {
        PublicKey[] listed = [.. Keys.Where((_, i) => (keys & (1 << i)) != 0)];
        ProjectedKey[] projected = [.. listed.Select(key => new RegisteredKey(4, 4, false, key.Bytes.ToArray(), default)).Select((key, i) => new ProjectedKey(key, new ChainKey(key.KeyId, AgentKeyPurposes.KeyAgreement, listed[i])))];
        AgentProjection settled = new() { Owner = Account(owner), EpochOwner = Account(owner), Version = 3, Keys = [.. projected], Uri = "https://a.test/" };
        AgentDid did = Deployment.FormatDid(agent);
        bool isActive = owner != 0 && (keys & 0x80) == 0;
        return new MirrorEntry(agent, did, settled, isActive ? DidResolutionStatus.Resolved : DidResolutionStatus.Deactivated, isActive
            ? new DidDocument { Id = did, KeyAgreement = [.. listed.Select((key, i) => new VerificationMethod($"key-{i + 1}", key))] }
            : null);
    }

    private static List<UInt256> All(MirrorTable table, AgentQuery query)
    {
        List<UInt256> found = [];
        query.After = null;
        do
        {
            AgentPage page = table.Find(query, Deployment.FormatDid);
            Assert.That(page.Agents, Has.Count.LessThanOrEqualTo(query.PageSize));
            found.AddRange(page.Agents.Select(agent => agent.AgentId));
            query.After = page.Next;
        }
        while (query.After is not null);
        return found;
    }
}
