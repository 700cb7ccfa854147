using Sage.Crypto;

namespace Sage.Fuzz.Tests;

/// <summary>Every target on its corpus and on a bounded number of mutations of it.</summary>
[TestFixture]
internal sealed class FuzzTargetTests
{
    private const int Mutations = 20_000;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    private static IEnumerable<FuzzTarget> All => Targets.All;

    [TestCaseSource(nameof(All))]
    public void The_corpus_holds(FuzzTarget target)
    {
        IReadOnlyList<(string Name, byte[] Bytes)> corpus = Corpus.Read(Corpus.DefaultFolder(target.Name));
        Assert.That(corpus, Has.Count.GreaterThanOrEqualTo(3), "every target has a corpus with good and nasty inputs");
        using (Assert.EnterMultipleScope())
        {
            foreach ((string name, byte[] bytes) in corpus)
            {
                Assert.That(FuzzRunner.Run(target, bytes)?.ToString(), Is.Null, name);
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void Mutations_of_the_corpus_hold(FuzzTarget target)
    {
        byte[][] corpus = [.. Corpus.Read(Corpus.DefaultFolder(target.Name)).Select(entry => entry.Bytes)];
        Xorshift random = new(Xorshift.NewSeed());
        long end = TimeProvider.System.GetTimestamp() + (long)(Budget.TotalSeconds * TimeProvider.System.TimestampFrequency);
        FuzzFinding? finding = FuzzRunner.Mutate(
            target, corpus, random, runs => runs < Mutations && TimeProvider.System.GetTimestamp() < end, out long runs);
        TestContext.Out.WriteLine($"{runs:N0} mutations, seed {random.Seed}");

        Assert.That(finding?.ToString(), Is.Null);
        Assert.That(runs, Is.GreaterThan(100));
    }

    [Test]
    public void Every_corpus_belongs_to_a_target()
    {
        string corpora = Path.GetDirectoryName(Corpus.DefaultFolder("any"))!;

        Assert.That(Directory.GetDirectories(corpora).Select(Path.GetFileName), Is.EquivalentTo(Targets.All.Select(target => target.Name)));
    }

    [Test]
    public void The_corpus_of_cards_has_the_genuine_one()
    {
        byte[] genuine = File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("agent-card"), "genuine.json"));

        Assert.That(genuine, Is.EqualTo(CardTargets.SignedCard()));
    }

    [TestCase("ed25519.bin", "ed25519")]
    [TestCase("secp256k1.bin", "secp256k1")]
    public void The_corpus_of_session_states_has_states_that_read(string name, string algorithm)
    {
        byte[] genuine = File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("session-state"), name));

        Assert.That(genuine, Is.EqualTo(SessionStateTargets.GenuineState(algorithm == "ed25519" ? KeyAlgorithm.Ed25519 : KeyAlgorithm.Secp256k1)));
        Assert.That(SessionStateTargets.Reads(genuine), Is.True);
    }

    [TestCase("genuine.bin", true)]
    [TestCase("byte-by-byte.bin", true)]
    [TestCase("full-frame.bin", true)]
    [TestCase("one-too-long.bin", false)]
    [TestCase("negative-length.bin", false)]
    [TestCase("cut.bin", false)]
    [TestCase("trailing.bin", false)]
    [TestCase("other-format.bin", false)]
    [TestCase("twice.bin", false)]
    [TestCase("row-twice.bin", false)]
    [TestCase("unknown-member.bin", false)]
    [TestCase("null-migration.bin", false)]
    [TestCase("lone-surrogate.bin", false)]
    [TestCase("long-line.bin", false)]
    public void The_corpus_of_backups_has_some_that_read(string name, bool reads)
    {
        byte[] backup = File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("backup"), name));

        Assert.That(BackupTargets.Reads(backup), Is.EqualTo(reads));
    }

    [TestCase("genuine.bin", 4)]
    [TestCase("inactive.bin", 4)]
    [TestCase("one.bin", 1)]
    [TestCase("no-keys.bin", 0)]
    [TestCase("p256-said-proven.bin", 4)]
    [TestCase("ed25519-said-proven.bin", 4)]
    [TestCase("secp256k1-not-proven.bin", 3)]
    [TestCase("ed25519-false-proof.bin", 3)]
    [TestCase("x25519-signs.bin", 3)]
    [TestCase("other-owner.bin", 2)]
    [TestCase("seventeen.bin", null)]
    [TestCase("twice.bin", null)]
    [TestCase("revoked.bin", null)]
    [TestCase("other-name.bin", null)]
    [TestCase("no-owner.bin", null)]
    [TestCase("offset-2-255.bin", null)]
    public void The_corpus_of_registry_answers_has_as_many_usable_keys_as_it_says(string name, int? usable)
    {
        byte[] answer = File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("registry-resolve"), name));

        Assert.That(RegistryTargets.CountUsable(answer), Is.EqualTo(usable));
    }

    [Test]
    public void The_corpus_of_registry_answers_has_the_genuine_one() =>
        Assert.That(File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("registry-resolve"), "genuine.bin")), Is.EqualTo(RegistryTargets.Genuine()));

    [TestCase("genuine.txt", true)]
    [TestCase("genuine-and-another.txt", true)]
    [TestCase("genuine-spaced.txt", false)]
    public void The_corpus_of_signatures_has_valid_ones(string name, bool valid)
    {
        byte[] fields = File.ReadAllBytes(Path.Combine(Corpus.DefaultFolder("signature-input"), name));

        Assert.That(SignatureTargets.IsSigned(fields), Is.EqualTo(valid));
    }

    [Test]
    public void A_target_that_fails_is_reported()
    {
        FuzzTarget broken = new("broken", "no input has a zero", static input => Oracle.Holds(!input.Contains((byte)0), "a zero"));
        FuzzFinding? finding = FuzzRunner.Mutate(broken, [[1, 2, 3]], new Xorshift(7), runs => runs < 100_000, out _);

        Assert.That(finding?.What, Does.Contain("a zero"));
    }

    [Test]
    public void A_target_that_allocates_too_much_is_reported()
    {
        FuzzTarget greedy = new("greedy", "is modest", static _ => GC.KeepAlive(new byte[FuzzRunner.MaximumAllocation + 1]));

        Assert.That(FuzzRunner.Run(greedy, [])?.What, Does.StartWith("allocated"));
    }

    [Test]
    public void The_same_seed_makes_the_same_inputs()
    {
        FuzzTarget target = Targets.All[0];
        Mutator first = new(target, [[1, 2, 3]], new Xorshift(42));
        Mutator second = new(target, [[1, 2, 3]], new Xorshift(42));
        for (int i = 0; i < 1000; i++)
        {
            Assert.That(first.Next(), Is.EqualTo(second.Next()));
        }
    }
}
