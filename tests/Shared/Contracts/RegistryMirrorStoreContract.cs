using Sage.Did;

namespace Sage.Tests.Contracts;

/// <summary>What every <see cref="IRegistryMirrorStore"/> owes its callers.</summary>
public abstract class RegistryMirrorStoreContract
{
    private static readonly AgentDid Alice = AgentDid.Parse("did:example:alice");
    private static readonly AgentDid Bob = AgentDid.Parse("did:example:bob");

    /// <summary>An empty store.</summary>
    protected abstract IRegistryMirrorStore Create();

    /// <summary>Another way to the same content, as the process has it after a restart.</summary>
    protected abstract IRegistryMirrorStore Connect(IRegistryMirrorStore store);

    [Test]
    public async Task A_new_store_has_no_checkpoint_and_no_entries()
    {
        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(Create());
        Assert.That(checkpoint, Is.Null);
        Assert.That(entries, Is.Empty);
    }

    [Test]
    public async Task What_was_saved_is_there_after_a_restart_byte_for_byte()
    {
        IRegistryMirrorStore store = Create();
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await store.SaveAsync(new byte[] { 0, 255, 1 }, [new RegistryMirrorEntry(Alice, value, "owner:0xab", "active"), new RegistryMirrorEntry(Bob, [7])]);

        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(Connect(store));
        Assert.That(checkpoint, Is.EqualTo(new byte[] { 0, 255, 1 }));
        Assert.That(entries.Keys, Is.EquivalentTo(new[] { Alice, Bob }));
        Assert.That(entries[Alice].Value.ToArray(), Is.EqualTo(value));
        Assert.That(entries[Alice].Terms, Is.EquivalentTo(new[] { "owner:0xab", "active" }));
        Assert.That(entries[Bob].Value.ToArray(), Is.EqualTo(new byte[] { 7 }));
        Assert.That(entries[Bob].Terms, Is.Empty);
    }

    [Test]
    public async Task Saving_replaces_the_checkpoint_and_the_entries_named_with_their_terms_and_no_other()
    {
        IRegistryMirrorStore store = Create();
        await store.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(Alice, [1], "a", "b"), new RegistryMirrorEntry(Bob, [2], "b")]);
        await store.SaveAsync(new byte[] { 2 }, [new RegistryMirrorEntry(Alice, [3, 4], "b", "c")]);
        await store.SaveAsync(new byte[] { 3 }, []);

        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(store);
        Assert.That(checkpoint, Is.EqualTo(new byte[] { 3 }));
        Assert.That(entries[Alice].Value.ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
        Assert.That(entries[Alice].Terms, Is.EquivalentTo(new[] { "b", "c" }));
        Assert.That(entries[Bob].Value.ToArray(), Is.EqualTo(new byte[] { 2 }));
        Assert.That(entries[Bob].Terms, Is.EquivalentTo(new[] { "b" }));
    }

    [Test]
    public async Task Clearing_leaves_nothing_and_what_is_saved_after_it_is_all_there_is()
    {
        IRegistryMirrorStore store = Create();
        await store.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(Alice, [1], "a")]);
        await store.ClearAsync();
        Assert.That(await LoadAsync(Connect(store)), Is.EqualTo(((byte[]?)null, new Dictionary<AgentDid, RegistryMirrorEntry>())));

        await store.SaveAsync(new byte[] { 2 }, [new RegistryMirrorEntry(Bob, [2])]);
        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(Connect(store));
        Assert.That(checkpoint, Is.EqualTo(new byte[] { 2 }));
        Assert.That(entries.Keys, Is.EqualTo(new[] { Bob }));
    }

    [Test]
    public async Task A_save_that_is_refused_changes_nothing()
    {
        IRegistryMirrorStore store = Create();
        await store.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(Alice, [1])]);
        RegistryMirrorEntry other = new(Bob, [2]);
        Assert.That(async () => await store.SaveAsync(ReadOnlyMemory<byte>.Empty, [other]), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.SaveAsync(new byte[IRegistryMirrorStore.MaxCheckpointSize + 1], [other]), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.SaveAsync(new byte[] { 2 }, [other, new RegistryMirrorEntry(Bob, [3])]), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await store.SaveAsync(new byte[] { 2 }, [other], new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(Connect(store));
        Assert.That(checkpoint, Is.EqualTo(new byte[] { 1 }));
        Assert.That(entries.Keys, Is.EqualTo(new[] { Alice }));
    }

    [Test]
    public async Task The_largest_entries_and_many_of_them_fit()
    {
        IRegistryMirrorStore store = Create();
        string[] terms = [.. Enumerable.Range(0, RegistryMirrorEntry.MaxTerms).Select(i => $"{i:d3}:".PadRight(RegistryMirrorEntry.MaxTermLength, '~'))];
        RegistryMirrorEntry largest = new(AgentDid.Parse("did:example:" + new string('x', AgentDid.MaxLength - 12)), new byte[RegistryMirrorEntry.MaxValueSize], terms);
        RegistryMirrorEntry[] many = [.. Enumerable.Range(0, 2_000).Select(i => new RegistryMirrorEntry(AgentDid.Parse($"did:example:{i}"), BitConverter.GetBytes(i), "all", $"number:{i}"))];
        await store.SaveAsync(new byte[IRegistryMirrorStore.MaxCheckpointSize], [largest, .. many]);

        (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(Connect(store));
        Assert.That(checkpoint, Has.Length.EqualTo(IRegistryMirrorStore.MaxCheckpointSize));
        Assert.That(entries, Has.Count.EqualTo(2_001));
        Assert.That(entries[largest.Did].Value.Length, Is.EqualTo(RegistryMirrorEntry.MaxValueSize));
        Assert.That(entries[largest.Did].Terms, Is.EquivalentTo(terms));
        Assert.That(many.All(entry => entries[entry.Did].Value.Span.SequenceEqual(entry.Value.Span)));
    }

    [Test]
    public async Task What_the_receiver_throws_ends_the_reading_and_the_store_goes_on()
    {
        IRegistryMirrorStore store = Create();
        await store.SaveAsync(new byte[] { 1 }, [new RegistryMirrorEntry(Alice, [1])]);
        Assert.That(async () => await store.LoadAsync(_ => throw new InvalidDataException("no")), Throws.InstanceOf<InvalidDataException>());

        await store.SaveAsync(new byte[] { 2 }, []);
        Assert.That((await LoadAsync(store)).Checkpoint, Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task What_is_read_while_others_write_is_of_one_moment()
    {
        IRegistryMirrorStore store = Create();
        IRegistryMirrorStore reader = Connect(store);
        await store.SaveAsync(new byte[] { 0 }, [new RegistryMirrorEntry(Alice, [0]), new RegistryMirrorEntry(Bob, [0])]);
        Task writing = Task.Run(async () =>
        {
            for (byte i = 1; i < 100; i++)
            {
                await store.SaveAsync(new[] { i }, [new RegistryMirrorEntry(Alice, [i], $"t{i}"), new RegistryMirrorEntry(Bob, [i], $"t{i}")]);
            }
        });
        do
        {
            (byte[]? checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> entries) = await LoadAsync(reader);
            Assert.That(entries.Values.Select(entry => entry.Value.Span[0]), Is.All.EqualTo(checkpoint![0]));
        }
        while (!writing.IsCompleted);
        await writing;
    }

    private static async Task<(byte[]? Checkpoint, Dictionary<AgentDid, RegistryMirrorEntry> Entries)> LoadAsync(IRegistryMirrorStore store)
    {
        Dictionary<AgentDid, RegistryMirrorEntry> entries = [];
        ReadOnlyMemory<byte>? checkpoint = await store.LoadAsync(entry => entries.Add(entry.Did, entry));
        return (checkpoint?.ToArray(), entries);
    }
}
