using Sage.Crypto;

namespace Sage.Did.Ethereum.Tests.Unit.Registry;

internal sealed class RegistryEventTests
{
    private static readonly EthereumDeployment Deployment = RegistryLogs.Somewhere;
    private static readonly RegisteredKey Key = new(4, 4, false, new byte[32], ReadOnlyMemory<byte>.Empty);
    private static readonly EthereumAddress Owner = RegistryModel.Account(1);

    private readonly RegistryLogs logs = new(Deployment);

    [Test]
    public void Every_event_of_the_contracts_is_read()
    {
        RegistryEvent.KeyAdded added = (RegistryEvent.KeyAdded)RegistryEvents.TryRead(Deployment, logs.KeyAdded(7, Key, 2, 9))!;
        Assert.That((added.AgentId, added.Key.KeyId, added.Key.Type, added.Key.Purposes, added.Key.IsProven, added.Index, added.Version),
            Is.EqualTo(((UInt256)7, Key.KeyId, (byte)4, (byte)4, false, 2, 9UL)));
        Assert.That(added.Key.Encoded.ToArray(), Is.EqualTo(Key.Encoded.ToArray()));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.KeyRevoked(7, Key.KeyId, 9)), Is.EqualTo(new RegistryEvent.KeyRevoked(7, Key.KeyId, 9)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.EpochStarted(7, Owner, 3, 9)), Is.EqualTo(new RegistryEvent.EpochStarted(7, Owner, 3, 9)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.ActiveSet(7, true, 9)), Is.EqualTo(new RegistryEvent.ActiveSet(7, true, 9)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.Transfer(7, Owner, default)), Is.EqualTo(new RegistryEvent.Transfer(7, Owner, default)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.Registered(7, "https://a"u8, Owner)), Is.EqualTo(new RegistryEvent.UriSet(7, "https://a")));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.UriUpdated(7, "https://b"u8, Owner)), Is.EqualTo(new RegistryEvent.UriSet(7, "https://b")));
    }

    [Test]
    public void A_text_that_is_none_or_too_long_counts_as_none_so_that_nobody_can_stop_the_readers()
    {
        Assert.That(RegistryEvents.TryRead(Deployment, logs.UriUpdated(7, [0xC3, 0x28], Owner)), Is.EqualTo(new RegistryEvent.UriSet(7, null)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.Registered(7, new byte[RegistryEvents.MaxUri + 1], Owner)), Is.EqualTo(new RegistryEvent.UriSet(7, null)));
        Assert.That(RegistryEvents.TryRead(Deployment, logs.Registered(7, [], Owner)), Is.EqualTo(new RegistryEvent.UriSet(7, null)));
    }

    [Test]
    public void What_the_contracts_do_not_write_is_refused()
    {
        EthereumLog good = logs.KeyAdded(7, Key, 0, 1);
        EthereumHash[] topics = [.. good.Topics];
        byte[] data = good.Data.ToArray();
        EthereumAddress keys = Deployment.KeyRegistry;
        EthereumAddress identity = Deployment.IdentityRegistry;
        byte[] farIndex = [.. data];
        farIndex[(4 * 32) - 1] = 16;
        EthereumLog transfer = logs.Transfer(7, Owner, default);
        Assert.Multiple(() =>
        {
            Refused(keys, topics, [.. data, .. new byte[32]]);
            Refused(keys, topics, data[..^32]);
            Refused(keys, topics, farIndex);
            Refused(keys, topics[..2], data);
            Refused(keys, [], data);
            Refused(keys, [topics[0], topics[1], LogEmitter.Word(5)], data);
            Refused(identity, topics, data);
            Refused(keys, [.. transfer.Topics], []);
            Refused(identity, [.. transfer.Topics], new byte[32]);
            Refused(identity, [transfer.Topics[0], EthereumHash.FromBytes([.. Enumerable.Repeat((byte)1, 32)]), transfer.Topics[2], transfer.Topics[3]], []);
            Refused(identity, [.. transfer.Topics.Take(3)], []);
            Refused(EthereumAddress.Parse("0x00000000000000000000000000000000000000c3"), topics, data);
        });

        void Refused(EthereumAddress contract, EthereumHash[] with, byte[] bytes) =>
            Assert.That(RegistryEvents.TryRead(Deployment, logs.Write(contract, with, bytes)), Is.Null);
    }

    [Test]
    public void A_proof_is_checked_for_the_owner_of_the_epoch()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        byte[] encoded = ChainKeyType.Encode(key.PublicKey);
        RegisteredKey proven = Registered(Owner);
        RegisteredKey stolen = Registered(RegistryModel.Account(2));
        Assert.That(KeysAfter(proven), Is.EqualTo(new[] { key.PublicKey }));
        Assert.That(KeysAfter(stolen), Is.EqualTo(new PublicKey?[] { null }));

        RegisteredKey Registered(EthereumAddress owner) =>
            new(3, 1, true, encoded, key.Sign(new KeyMessages(Deployment).Proof(7, owner, 3, 1, encoded)));

        PublicKey?[] KeysAfter(RegisteredKey registered) =>
        [
            .. new LogReplay(Deployment)
                .Apply(logs.Transfer(7, default, Owner), logs.EpochStarted(7, Owner, 1, 1), logs.KeyAdded(7, registered, 0, 2))
                .Agents[7].ToState()!.Keys.Select(listed => listed.PublicKey),
        ];
    }

    [Test]
    public void What_cannot_follow_is_named()
    {
        EthereumLog[] begun = [logs.Transfer(7, default, Owner), logs.EpochStarted(7, Owner, 1, 1), logs.KeyAdded(7, Key, 0, 2)];
        Assert.Multiple(() =>
        {
            Contradicts(logs.ActiveSet(7, true, 4), "version 4 follows version 2");
            Contradicts(logs.KeyAdded(7, Key, 0, 3), "is listed already");
            Contradicts(logs.KeyAdded(7, new RegisteredKey(4, 4, false, new byte[] { 1 }, default), 2, 3), "inserted at 2 of 1");
            Contradicts(logs.KeyRevoked(7, LogEmitter.Word(1), 3), "is not listed");
            Contradicts(logs.EpochStarted(7, Owner, 3, 3), "epoch 3");
            Contradicts(logs.EpochStarted(7, RegistryModel.Account(2), 2, 3), "epoch 2");
            Contradicts(logs.Transfer(7, RegistryModel.Account(2), Owner), "transferred from");
        });
        Assert.That(new LogReplay(Deployment).Apply([.. begun, logs.Transfer(7, Owner, default)]).Agents[7].ToState(), Is.Null);

        void Contradicts(EthereumLog log, string reason) =>
            Assert.That(() => new LogReplay(Deployment).Apply([.. begun, log]), Throws.TypeOf<LogContradictionException>().With.Message.Contains(reason).And.Message.Contains("agent 7"));
    }
}
