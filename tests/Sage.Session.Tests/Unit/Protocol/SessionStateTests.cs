using Sage.Crypto;

namespace Sage.Session.Tests.Unit.Protocol;

[TestFixture]
internal sealed class SessionStateTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    [TestCase("ed25519", 1)]
    [TestCase("secp256k1", 128)]
    public void A_state_reads_as_it_was_written(string algorithm, int contextSize)
    {
        byte[] bytes = Write(algorithm, contextSize);

        Assert.That(SessionState.TryRead(bytes, out SessionState? read), Is.True);
        using (read)
        {
            Assert.That(read!.Context, Is.EqualTo(new string('c', contextSize)));
            Assert.That(read.Created, Is.EqualTo(Begin));
            Assert.That(read.LastUsed, Is.EqualTo(Begin.AddMinutes(5)));
            Assert.That((read.NextSend, read.Messages), Is.EqualTo((0x0102030405060708UL, 12L)));
            Assert.That(read.RecordSecret.ToArray(), Is.EqualTo(Enumerable.Range(1, 32).Select(i => (byte)i)));
            Assert.That(read.Window.Check(2000), Is.EqualTo(RecordResult.Replayed));
            Assert.That(read.Window.Check(1999), Is.EqualTo(RecordResult.Opened));
            Assert.That(read.Window.Check(976), Is.EqualTo(RecordResult.Stale));
            byte[] again = new byte[SessionState.MaxSize];
            Assert.That(again[..read.Write(again)], Is.EqualTo(bytes));
        }
    }

    [Test]
    public void The_longest_state_is_as_long_as_is_said()
    {
        Assert.That(Write("secp256k1", 128), Has.Length.EqualTo(SessionState.MaxSize));
        Assert.That(SessionState.MaxSize + StateEnvelope.Overhead, Is.LessThan(StoredSession.MaxStateSize));
    }

    [Test]
    public void Every_other_length_is_refused()
    {
        byte[] bytes = Write("ed25519", 20);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(SessionState.TryRead(bytes.AsSpan(0, length), out _), Is.False, $"{length}");
        }

        Assert.That(SessionState.TryRead([.. bytes, 0], out _), Is.False);
    }

    [TestCase(0, 0, Description = "version")]
    [TestCase(0, 2, Description = "version")]
    [TestCase(1, 0, Description = "key type")]
    [TestCase(1, 2, Description = "key type of another length")]
    [TestCase(1, 3, Description = "key type")]
    [TestCase(2, 0, Description = "no context")]
    [TestCase(2, 5, Description = "another length of the context")]
    [TestCase(3, (byte)'|', Description = "a separator in the context")]
    [TestCase(3, 0xe9, Description = "a context that is not ASCII")]
    [TestCase(-24, 0x80, Description = "a negative count")]
    [TestCase(-16, 0x80, Description = "a negative time")]
    [TestCase(-8, 0x7f, Description = "a time beyond all times")]
    [TestCase(-6, 0, Description = "used before it began")]
    public void A_field_out_of_its_range_is_refused(int at, int value)
    {
        byte[] bytes = Write("ed25519", 4);
        Index index = at < 0 ? ^-at : at;
        Assert.That(bytes[index], Is.Not.EqualTo((byte)value), "the test changes something");
        bytes[index] = (byte)value;

        Assert.That(SessionState.TryRead(bytes, out SessionState? state), Is.False);
        Assert.That(state, Is.Null);
    }

    [Test]
    public void A_peer_key_that_is_no_key_is_refused()
    {
        byte[] bytes = Write("ed25519", 4);
        bytes.AsSpan(7, 32).Fill(0xff);

        Assert.That(SessionState.TryRead(bytes, out _), Is.False);
    }

    [FsCheck.NUnit.Property]
    public bool A_window_that_was_written_and_read_answers_as_the_one_before(ushort[] numbers)
    {
        ReplayWindow window = default;
        foreach (ulong number in numbers.Select(number => (ulong)number))
        {
            if (window.Check(number) == RecordResult.Opened)
            {
                window.Mark(number);
            }
        }

        byte[] bytes = new byte[ReplayWindow.StateSize];
        window.Write(bytes);
        return ReplayWindow.TryRead(bytes, out ReplayWindow read)
            && numbers.SelectMany(number => new[] { number - 1, number, number + 1, number + 1023, number + 1024, number - 1024 })
                .Where(number => number >= 0)
                .All(number => read.Check((ulong)number) == window.Check((ulong)number));
    }

    [Test]
    public void A_window_that_cannot_be_is_refused()
    {
        byte[] bytes = new byte[ReplayWindow.StateSize];
        Assert.That(ReplayWindow.TryRead(bytes, out _), Is.True, "nothing was received");

        bytes[7] = 5;
        Assert.That(ReplayWindow.TryRead(bytes, out _), Is.False, "the highest number is not marked");
        bytes[15] = 1 << 5;
        Assert.That(ReplayWindow.TryRead(bytes, out _), Is.True);
        bytes[15] |= 1 << 6;
        Assert.That(ReplayWindow.TryRead(bytes, out _), Is.False, "a number beyond the highest");
        bytes.AsSpan().Fill(0xff);
        Assert.That(ReplayWindow.TryRead(bytes, out _), Is.False, "the number that is never sent");
    }

    [Test]
    public void The_text_of_a_state_tells_nothing()
    {
        Assert.That(SessionState.TryRead(Write("ed25519", 4), out SessionState? state), Is.True);
        using (state)
        {
            Assert.That(state!.ToString(), Is.EqualTo("SessionState"));
        }
    }

    private static byte[] Write(string algorithm, int contextSize)
    {
        using PrivateKey key = PrivateKey.Generate(algorithm == "ed25519" ? KeyAlgorithm.Ed25519 : KeyAlgorithm.Secp256k1);
        ReplayWindow window = default;
        window.Mark(1500);
        window.Mark(2000);
        using SessionState state = new()
        {
            Context = new string('c', contextSize),
            PeerKey = key.PublicKey,
            Created = Begin,
            LastUsed = Begin.AddMinutes(5),
            NextSend = 0x0102030405060708,
            Messages = 12,
            Window = window,
        };
        for (int i = 0; i < 32; i++)
        {
            state.RecordSecret[i] = (byte)(i + 1);
        }

        byte[] bytes = new byte[SessionState.MaxSize];
        return bytes[..state.Write(bytes)];
    }
}
