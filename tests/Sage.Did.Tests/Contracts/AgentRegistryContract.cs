using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;

namespace Sage.Did.Tests.Contracts;

/// <summary>What every registry does alike.</summary>
[TestFixture(typeof(InMemoryRegistryFactory))]
[TestFixture(typeof(FileRegistryFactory))]
internal sealed class AgentRegistryContract<TFactory>
    where TFactory : IRegistryFactory, new()
{
    private TFactory factory = default!;
    private TestAgent agent = null!;

    [SetUp]
    public void SetUp()
    {
        factory = new TFactory();
        agent = new TestAgent();
    }

    [TearDown]
    public void TearDown()
    {
        factory.Dispose();
        agent.Dispose();
    }

    [Test]
    public async Task An_unknown_agent_is_not_found()
    {
        IAgentRegistry registry = factory.Create();
        Assert.That((await registry.ResolveAsync(agent.Did)).Status, Is.EqualTo(DidResolutionStatus.NotFound));
        Assert.That(await registry.GetAsync(agent.Did), Is.Null);
    }

    [Test]
    public async Task A_registered_agent_resolves_with_its_keys()
    {
        IAgentRegistry registry = factory.Create();
        Assert.That(await registry.RegisterAsync(agent.Record(), agent.Owner), Is.EqualTo(RegistryWriteResult.Written));

        DidResolution resolution = await registry.ResolveAsync(agent.Did);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(resolution.Status, Is.EqualTo(DidResolutionStatus.Resolved));
            Assert.That(resolution.VersionId, Is.EqualTo("1"));
            Assert.That(resolution.HandshakeSigningKey, Is.EqualTo(agent.Signer.PublicKey));
            Assert.That(resolution.FindSigningKey("key-1"), Is.EqualTo(agent.Signer.PublicKey));
            Assert.That(resolution.FindSigningKey("key-2"), Is.Null);
            Assert.That(resolution.KeyAgreementKey, Is.EqualTo(agent.Agreement));
            Assert.That(resolution.Endpoint, Is.EqualTo("https://agent.example/a2a"));
        }
    }

    [Test]
    public async Task Every_change_counts_the_version_and_resolves_at_once()
    {
        IAgentRegistry registry = factory.Create();
        KeySigner second = agent.NewSigner(KeyAlgorithm.Ed25519);
        KeySigner third = agent.NewSigner(KeyAlgorithm.Ed25519);
        KeySigner fourth = agent.NewSigner(KeyAlgorithm.Ed25519);
        await registry.RegisterAsync(agent.Record(), agent.Owner);

        await Expect(registry.UpdateAsync(agent.Did, stored => stored with { Name = "new", Capabilities = """{"a":[1]}""" }, agent.Owner), 2, agent.Signer);
        await Expect(registry.AddKeyAsync(agent.Did, agent.Entry(second), agent.Owner), 3, agent.Signer);
        await Expect(registry.RotateKeyAsync(agent.Did, agent.Entry(third), null, agent.Owner), 4, third);
        Assert.That((await registry.ResolveAsync(agent.Did)).FindSigningKey("key-2"), Is.EqualTo(agent.Signer.PublicKey));
        await Expect(registry.RotateKeyAsync(agent.Did, agent.Entry(fourth), third.PublicKey, agent.Owner), 5, fourth);
        await Expect(registry.RevokeKeyAsync(agent.Did, fourth.PublicKey, agent.Owner), 6, agent.Signer);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored.Name, Is.EqualTo("new"));
            Assert.That(stored.Keys, Has.Count.EqualTo(2));
            Assert.That(stored.Revoked, Has.Count.EqualTo(2));
            Assert.That(stored.CreatedAt, Is.EqualTo("2026-09-01T12:00:00.123456789Z"));
        }

        Assert.That(await registry.DeactivateAsync(agent.Did, agent.Owner), Is.EqualTo(RegistryWriteResult.Written));
        DidResolution gone = await registry.ResolveAsync(agent.Did);
        Assert.That((gone.Status, gone.VersionId, gone.HandshakeSigningKey, gone.Document), Is.EqualTo((DidResolutionStatus.Deactivated, "7", (PublicKey?)null, (DidDocument?)null)));

        async Task Expect(ValueTask<RegistryWriteResult> write, long version, KeySigner signer)
        {
            Assert.That(await write, Is.EqualTo(RegistryWriteResult.Written));
            DidResolution resolution = await registry.ResolveAsync(agent.Did);
            Assert.That(resolution.Record!.Version, Is.EqualTo(version));
            Assert.That(resolution.HandshakeSigningKey, Is.EqualTo(signer.PublicKey));
        }
    }

    [Test]
    public async Task Nothing_follows_a_deactivation()
    {
        IAgentRegistry registry = factory.Create();
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        await registry.DeactivateAsync(agent.Did, agent.Owner);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.UpdateAsync(agent.Did, s => s with { IsActive = true }, agent.Owner), Is.EqualTo(RegistryWriteResult.Deactivated));
            Assert.That(await registry.AddKeyAsync(agent.Did, agent.NewEntry(KeyAlgorithm.Ed25519), agent.Owner), Is.EqualTo(RegistryWriteResult.Deactivated));
            Assert.That(await registry.RegisterAsync(agent.Record(), agent.Owner), Is.EqualTo(RegistryWriteResult.Deactivated));
            Assert.That(await registry.WriteAsync(agent.Signed(stored, agent.Record(), "register")), Is.EqualTo(RegistryWriteResult.Deactivated));
            Assert.That((await registry.GetAsync(agent.Did))!.ToJson(), Is.EqualTo(stored.ToJson()));
        }
    }

    [Test]
    public async Task A_revoked_key_never_returns()
    {
        IAgentRegistry registry = factory.Create();
        PrivateKey secpKey = agent.New(KeyAlgorithm.Secp256k1);
        KeySigner secp = new(secpKey);
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        await registry.AddKeyAsync(agent.Did, agent.Entry(secp), agent.Owner);
        await registry.RevokeKeyAsync(agent.Did, secp.PublicKey, agent.Owner);
        await registry.RevokeKeyAsync(agent.Did, agent.Agreement, agent.Owner);
        AgentRecord before = (await registry.GetAsync(agent.Did))!;
        Assert.That((before.PublicKemKey.Length, before.Revoked.Count), Is.EqualTo((0, 2)));

        byte[] compressed = [(byte)(2 + (secp.PublicKey.Bytes[64] & 1)), .. secp.PublicKey.Bytes[1..33]];
        byte[] proof = new byte[65];
        secpKey.SignDigest(SHA256.HashData(Encoding.ASCII.GetBytes($"SAGE-PoP:{agent.Did}:{Convert.ToHexStringLower(compressed)}")), proof);
        RecordKey otherEncoding = new() { Type = RecordKeyType.Secp256k1, KeyData = compressed, Signature = proof, Verified = true };
        byte[] flipped = agent.Agreement.Export();
        flipped[31] ^= 0x80;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.AddKeyAsync(agent.Did, agent.Entry(secp), agent.Owner), Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(await registry.AddKeyAsync(agent.Did, otherEncoding, agent.Owner), Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(await registry.RotateKeyAsync(agent.Did, agent.Entry(secp), null, agent.Owner), Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(
                await registry.UpdateAsync(agent.Did, s => s with { PublicKemKey = agent.Agreement.Export() }, agent.Owner),
                Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(await registry.UpdateAsync(agent.Did, s => s with { PublicKemKey = flipped }, agent.Owner), Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(
                await registry.AddKeyAsync(agent.Did, RecordKey.CreateAgreementKey(agent.Agreement, TestAgent.Born), agent.Owner),
                Is.EqualTo(RegistryWriteResult.RevokedKey));
            Assert.That(
                await registry.UpdateAsync(agent.Did, s => s with { Revoked = [] }, agent.Owner), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(
                await registry.UpdateAsync(agent.Did, s => s with { Revoked = [new byte[32], s.Revoked[1]] }, agent.Owner), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(
                await registry.WriteAsync(agent.Signed(before, before with { Keys = [], Revoked = [new byte[32], before.Revoked[1], agent.Signer.PublicKey.Export()] }, "revoke_key")),
                Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(await registry.RevokeKeyAsync(agent.Did, secp.PublicKey, agent.Owner), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That((await registry.GetAsync(agent.Did))!.ToJson(), Is.EqualTo(before.ToJson()));
        }
    }

    [Test]
    public async Task A_change_without_the_owner_is_refused()
    {
        IAgentRegistry registry = factory.Create();
        using TestAgent stranger = new();
        AgentRecord first = agent.Record();
        AgentRecord signed = agent.Signed(null, first, "register");
        byte[] broken = signed.OwnerProof!.Signature.ToArray();
        broken[5] ^= 1;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.RegisterAsync(first, stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.WriteAsync(first with { Version = 1 }), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.WriteAsync(signed with { Name = "else" }), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(
                await registry.WriteAsync(signed with { OwnerProof = new OwnerProof("register", "", broken) }), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(
                await registry.WriteAsync(signed with { OwnerProof = new OwnerProof("update", "", signed.OwnerProof!.Signature) }),
                Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.GetAsync(agent.Did), Is.Null);
        }

        await registry.RegisterAsync(first, agent.Owner);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.UpdateAsync(agent.Did, s => s with { Name = "x" }, stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.AddKeyAsync(agent.Did, agent.NewEntry(KeyAlgorithm.Ed25519), stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.RotateKeyAsync(agent.Did, agent.NewEntry(KeyAlgorithm.Ed25519), null, stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.RevokeKeyAsync(agent.Did, agent.Signer.PublicKey, stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That(await registry.DeactivateAsync(agent.Did, stranger.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
            Assert.That((await registry.GetAsync(agent.Did))!.ToJson(), Is.EqualTo(stored.ToJson()));
        }
    }

    [Test]
    public async Task A_DID_that_names_no_owner_cannot_be_written()
    {
        IAgentRegistry registry = factory.Create();
        AgentDid did = AgentDid.Parse("did:sage:ethereum:agent-one");
        RecordKey key = await RecordKey.CreateSigningKeyAsync(agent.Signer, did, TestAgent.Born);
        Assert.That(await registry.RegisterAsync(agent.Record() with { Did = did, Keys = [key] }, agent.Owner), Is.EqualTo(RegistryWriteResult.NotAuthorised));
    }

    [Test]
    public async Task A_secp256k1_agent_may_list_its_owner_key()
    {
        IAgentRegistry registry = factory.Create();
        Assert.That(
            await registry.RegisterAsync(agent.Record() with { Keys = [agent.Entry(agent.Owner)] }, agent.Owner), Is.EqualTo(RegistryWriteResult.Written));
        Assert.That((await registry.ResolveAsync(agent.Did)).HandshakeSigningKey, Is.EqualTo(agent.Owner.PublicKey));
    }

    [Test]
    public async Task A_change_of_something_that_is_not_there_is_refused() =>
        Assert.That(await factory.Create().DeactivateAsync(agent.Did, agent.Owner), Is.EqualTo(RegistryWriteResult.NotFound));

    [Test]
    public async Task Only_the_next_version_over_the_present_record_is_written()
    {
        IAgentRegistry registry = factory.Create();
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        AgentRecord first = (await registry.GetAsync(agent.Did))!;
        AgentRecord second = agent.Signed(first, first with { Name = "second" }, "update");
        AgentRecord rival = agent.Signed(first, first with { Name = "rival" }, "update");
        AgentRecord jump = agent.Signed(second, second with { Name = "jump" }, "update");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.WriteAsync(jump), Is.EqualTo(RegistryWriteResult.VersionConflict));
            Assert.That(await registry.WriteAsync(second), Is.EqualTo(RegistryWriteResult.Written));
            Assert.That(await registry.WriteAsync(second), Is.EqualTo(RegistryWriteResult.VersionConflict), "replay");
            Assert.That(await registry.WriteAsync(rival), Is.EqualTo(RegistryWriteResult.VersionConflict));
            Assert.That(await registry.RegisterAsync(agent.Record(), agent.Owner), Is.EqualTo(RegistryWriteResult.VersionConflict));
            Assert.That(await registry.WriteAsync(jump), Is.EqualTo(RegistryWriteResult.Written));
        }

        AgentRecord third = (await registry.GetAsync(agent.Did))!;
        AgentRecord fork = agent.Signed(third with { Name = "another third" }, third with { Name = "fork" }, "update");
        Assert.That((fork.Version, await registry.WriteAsync(fork)), Is.EqualTo((4L, RegistryWriteResult.VersionConflict)), "the record before is another");

        AgentRecord wrongPrevious = agent.Signed(first, jump with { Version = 2, Name = "fork" }, "update") with { Version = 4 };
        Assert.That(await registry.WriteAsync(wrongPrevious), Is.EqualTo(RegistryWriteResult.NotAuthorised), "the version is signed");
    }

    [Test]
    public async Task Of_eight_writers_of_each_version_exactly_one_wins()
    {
        IAgentRegistry registry = factory.Create();
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        for (int round = 0; round < 5; round++)
        {
            AgentRecord stored = (await registry.GetAsync(agent.Did))!;
            AgentRecord[] rivals = [.. Enumerable.Range(0, 8).Select(i => agent.Signed(stored, stored with { Name = $"writer {i}" }, "update"))];
            RegistryWriteResult[] results = await Task.WhenAll(rivals.Select(rival => Task.Run(() => registry.WriteAsync(rival).AsTask())));

            Assert.That(results.Count(result => result == RegistryWriteResult.Written), Is.EqualTo(1));
            Assert.That(results.Count(result => result == RegistryWriteResult.VersionConflict), Is.EqualTo(7));
            Assert.That((await registry.GetAsync(agent.Did))!.Name, Is.EqualTo(rivals[Array.IndexOf(results, RegistryWriteResult.Written)].Name));
        }
    }

    [Test]
    public async Task A_record_of_others_without_a_version_counts_as_version_nought()
    {
        AgentRecord foreign = agent.Record();
        IAgentRegistry registry = factory.Create(foreign);
        Assert.That((await registry.ResolveAsync(agent.Did)).VersionId, Is.Null);
        Assert.That(await registry.UpdateAsync(agent.Did, s => s with { Name = "mine" }, agent.Owner), Is.EqualTo(RegistryWriteResult.Written));
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        Assert.That((stored.Version, stored.Name, stored.OwnerProof!.Previous.Length), Is.EqualTo((1L, "mine", 64)));
    }

    [Test]
    public async Task A_registration_needs_a_proven_key_and_lists_only_good_ones()
    {
        IAgentRegistry registry = factory.Create();
        AgentRecord honest = agent.Record();
        RecordKey good = honest.Keys[0];
        RecordKey unproven = new() { Type = good.Type, KeyData = good.KeyData, Verified = true };
        RecordKey unverified = new() { Type = good.Type, KeyData = good.KeyData, Signature = good.Signature, Verified = false };
        RecordKey borrowed = await RecordKey.CreateSigningKeyAsync(agent.Signer, AgentDid.Parse("did:sage:ethereum:other"), TestAgent.Born);
        RecordKey malformed = new() { Type = RecordKeyType.Ed25519, KeyData = new byte[31], Signature = good.Signature, Verified = true };
        RecordKey lowOrder = new() { Type = RecordKeyType.X25519, KeyData = new byte[32], Verified = true };
        RecordKey strange = new() { Type = (RecordKeyType)7, KeyData = good.KeyData, Signature = good.Signature, Verified = true };
        AgentRecord[] bad =
        [
            honest with { Keys = [] },
            honest with { Keys = [unproven] },
            honest with { Keys = [unverified] },
            honest with { Keys = [borrowed] },
            honest with { Keys = [good, unproven] },
            honest with { Keys = [good, good] },
            honest with { Keys = [good, malformed] },
            honest with { Keys = [good, lowOrder] },
            honest with { Keys = [good, strange] },
            honest with { Keys = [RecordKey.CreateAgreementKey(agent.Agreement, TestAgent.Born)] },
            honest with { PublicKemKey = new byte[32] },
            honest with { PublicKemKey = new byte[31] },
            honest with { IsActive = false },
            honest with { Revoked = [new byte[32]] },
            honest with { Owner = "0x0000000000000000000000000000000000000001" },
            honest with { Name = new string('n', 257) },
            honest with { Endpoint = new string('e', 2049) },
            honest with { Capabilities = $"{{\"a\":\"{new string('x', 65_000)}\"}}" },
            honest with { CreatedAt = "yesterday" },
        ];
        foreach (AgentRecord record in bad)
        {
            Assert.That(await registry.RegisterAsync(record, agent.Owner), Is.EqualTo(RegistryWriteResult.InvalidChange));
        }

        Assert.That(await registry.GetAsync(agent.Did), Is.Null);
    }

    [Test]
    public async Task An_operation_changes_its_own_part_only()
    {
        IAgentRegistry registry = factory.Create();
        KeySigner second = agent.NewSigner(KeyAlgorithm.Ed25519);
        await registry.RegisterAsync(agent.Record(), agent.Owner);
        await registry.AddKeyAsync(agent.Did, agent.Entry(second), agent.Owner);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        RecordKey key = agent.NewEntry(KeyAlgorithm.Ed25519);
        RecordKey another = agent.NewEntry(KeyAlgorithm.Ed25519);
        RecordKey unproven = new() { Type = key.Type, KeyData = key.KeyData, Verified = true };
        byte[] kem = agent.New(KeyAlgorithm.X25519).PublicKey.Export();
        byte[] firstData = stored.Keys[0].KeyData.ToArray();
        (string Operation, AgentRecord Next)[] bad =
        [
            ("update", stored with { Keys = [stored.Keys[0]] }),
            ("update", stored with { Keys = [stored.Keys[1], stored.Keys[0]] }),
            ("update", stored with { Keys = [.. stored.Keys, key] }),
            ("update", stored with { IsActive = false }),
            ("update", stored with { Revoked = [firstData] }),
            ("update", stored with { Owner = agent.Did.Value }),
            ("update", stored with { CreatedAt = null }),
            ("update", stored with { PublicKemKey = new byte[32] }),
            ("add_key", stored with { Keys = [key, .. stored.Keys] }),
            ("add_key", stored with { Keys = [.. stored.Keys, key, another] }),
            ("add_key", stored with { Keys = [.. stored.Keys, unproven] }),
            ("add_key", stored with { Keys = [.. stored.Keys, stored.Keys[0]] }),
            ("add_key", stored with { Keys = [.. stored.Keys, key], Name = "x" }),
            ("add_key", stored with { Keys = [.. stored.Keys, key], PublicKemKey = kem }),
            ("add_key", stored),
            ("rotate_key", stored with { Keys = [.. stored.Keys, key] }),
            ("rotate_key", stored with { Keys = [key] }),
            ("rotate_key", stored with { Keys = [key, stored.Keys[1]] }),
            ("rotate_key", stored with { Keys = [unproven, .. stored.Keys] }),
            ("rotate_key", stored with { Keys = [key, .. stored.Keys], Revoked = [firstData] }),
            ("rotate_key", stored with { Keys = [key, .. stored.Keys], Endpoint = "https://evil.example" }),
            ("rotate_key", stored with { Keys = [stored.Keys[1], stored.Keys[0]] }),
            ("revoke_key", stored with { Keys = [stored.Keys[1]] }),
            ("revoke_key", stored with { Revoked = [firstData] }),
            ("revoke_key", stored with { Keys = [stored.Keys[1]], Revoked = [firstData, firstData] }),
            ("revoke_key", stored with { Keys = [], Revoked = [firstData] }),
            ("revoke_key", stored with { Keys = [stored.Keys[1]], Revoked = [firstData], Description = "x" }),
            ("revoke_key", stored with { Keys = [stored.Keys[1]], Revoked = [firstData], PublicKemKey = kem }),
            ("revoke_key", stored with { Revoked = [kem] }),
            ("deactivate", stored),
            ("deactivate", stored with { IsActive = false, Keys = [] }),
            ("deactivate", stored with { IsActive = false, Name = "x" }),
            ("register", stored with { Name = "x" }),
            ("rename", stored with { Name = "x" }),
        ];
        foreach ((string operation, AgentRecord next) in bad)
        {
            RegistryWriteResult result = await registry.WriteAsync(agent.Signed(stored, next, operation));
            Assert.That(result, Is.EqualTo(RegistryWriteResult.InvalidChange), $"{operation} {bad.ToList().IndexOf((operation, next))}");
        }

        Assert.That((await registry.GetAsync(agent.Did))!.ToJson(), Is.EqualTo(stored.ToJson()));
    }

    [Test]
    public async Task Members_of_other_applications_change_by_an_update_only()
    {
        IAgentRegistry registry = factory.Create();
        AgentRecord first = With(agent.Record(), "x", "1");
        await registry.RegisterAsync(first, agent.Owner);
        await registry.AddKeyAsync(agent.Did, agent.NewEntry(KeyAlgorithm.Ed25519), agent.Owner);
        AgentRecord stored = (await registry.GetAsync(agent.Did))!;
        Assert.That(stored.OtherMembers.Single().Value.GetInt32(), Is.EqualTo(1));
        AgentRecord gone = stored with { IsActive = false };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await registry.WriteAsync(agent.Signed(stored, With(gone, "x", "2"), "deactivate")), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(await registry.WriteAsync(agent.Signed(stored, With(gone, "y", "1"), "deactivate")), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(await registry.WriteAsync(agent.Signed(stored, gone with { OtherMembers = [] }, "deactivate")), Is.EqualTo(RegistryWriteResult.InvalidChange));
            Assert.That(await registry.WriteAsync(agent.Signed(stored, With(stored, "x", "2"), "update")), Is.EqualTo(RegistryWriteResult.Written));
        }

        static AgentRecord With(AgentRecord record, string name, string value)
        {
            System.Text.Json.Nodes.JsonObject json = System.Text.Json.Nodes.JsonNode.Parse(record.ToJson())!.AsObject();
            json[name] = System.Text.Json.Nodes.JsonNode.Parse(value);
            return AgentRecord.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out AgentRecord? changed) ? changed : throw new AssertionException("not a record");
        }
    }

    [Test]
    public async Task What_is_not_did_sage_is_not_kept()
    {
        IAgentRegistry registry = factory.Create();
        Assert.That((await registry.ResolveAsync(AgentDid.Parse("did:web:example.com"))).Status, Is.EqualTo(DidResolutionStatus.MethodNotSupported));
        Assert.That((await registry.ResolveAsync(AgentDid.Parse("did:sage:polkadot:abc"))).Status, Is.EqualTo(DidResolutionStatus.Invalid));
    }
}
