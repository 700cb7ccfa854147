using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace Sage.Session.Tests.Unit.Protocol;

internal sealed class SessionCipherTests
{
    private static readonly int[] Sizes = [0, 1, 15, 16, 63, 64, 1024, 1535, 1536, 1537, 4096, 100_000];

    [TestCaseSource(nameof(Sizes))]
    public void A_record_opens_to_what_was_sealed(int size)
    {
        using CipherPair pair = new();
        byte[] message = RandomNumberGenerator.GetBytes(size);
        Records.RoundTrip(pair.Initiator, pair.Responder, message);
        Records.RoundTrip(pair.Responder, pair.Initiator, message);
    }

    [Test]
    public void A_record_is_number_nonce_ciphertext_and_tag()
    {
        using CipherPair pair = new();
        byte[] first = pair.Initiator.Seal("hello"u8);
        byte[] second = pair.Initiator.Seal("hello"u8);
        Assert.That(first, Has.Length.EqualTo(5 + 36));
        Assert.That(BinaryPrimitives.ReadUInt64BigEndian(first), Is.Zero);
        Assert.That(BinaryPrimitives.ReadUInt64BigEndian(second), Is.EqualTo(1));
        Assert.That(first[8..20], Is.Not.EqualTo(second[8..20]), "the nonce is fresh");
        Assert.That(first[20..], Is.Not.EqualTo(second[20..]));
    }

    [TestCase(20)]
    [TestCase(2000)]
    public void A_changed_record_does_not_open_and_changes_nothing(int size)
    {
        using CipherPair pair = new();
        byte[] message = RandomNumberGenerator.GetBytes(size);
        byte[] record = pair.Initiator.Seal(message);
        int step = size > 100 ? 97 : 1;
        for (int bit = 0; bit < record.Length * 8; bit += step)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] plaintext = new byte[size];
            plaintext.AsSpan().Fill(0xee);
            RecordResult result = pair.Responder.TryOpen(record, default, plaintext, out int written);
            Assert.That(result, Is.EqualTo(RecordResult.NotAuthentic), $"bit {bit}");
            Assert.That(written, Is.Zero);
            Assert.That(plaintext.AsSpan().ContainsAnyExcept((byte)0), Is.False, "nothing of a forgery is left");
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.That(pair.Responder.MessagesRemaining, Is.EqualTo(1000));
        Assert.That(pair.Responder.Open(record, out byte[] opened), Is.EqualTo(RecordResult.Opened));
        Assert.That(opened, Is.EqualTo(message));
    }

    [Test]
    public void A_forged_number_does_not_move_the_window()
    {
        using CipherPair pair = new();
        byte[] record = pair.Initiator.Seal("hello"u8);
        byte[] forged = [.. record];
        BinaryPrimitives.WriteUInt64BigEndian(forged, 1_000_000);
        Assert.That(pair.Responder.Open(forged), Is.EqualTo(RecordResult.NotAuthentic));
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Opened));
    }

    [Test]
    public void A_record_that_is_cut_or_longer_does_not_open()
    {
        using CipherPair pair = new();
        byte[] record = pair.Initiator.Seal("hello"u8);
        for (int length = 0; length < record.Length; length++)
        {
            RecordResult expected = length < 36 ? RecordResult.Malformed : RecordResult.NotAuthentic;
            Assert.That(pair.Responder.Open(record.AsSpan(0, length)), Is.EqualTo(expected), $"{length} bytes");
        }

        Assert.That(pair.Responder.Open([.. record, 0]), Is.EqualTo(RecordResult.NotAuthentic));
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Opened));
    }

    [Test]
    public void A_record_opens_once()
    {
        using CipherPair pair = new();
        byte[] record = pair.Initiator.Seal("hello"u8);
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Opened));
        Assert.That(pair.Responder.Open(record, out byte[] plaintext), Is.EqualTo(RecordResult.Replayed));
        Assert.That(plaintext, Is.EqualTo(new byte[5]));
    }

    [Test]
    public void A_record_does_not_open_where_it_was_sealed()
    {
        using CipherPair pair = new();
        Assert.That(pair.Initiator.Open(pair.Initiator.Seal("hello"u8)), Is.EqualTo(RecordResult.NotAuthentic));
        Assert.That(pair.Responder.Open(pair.Responder.Seal("hello"u8)), Is.EqualTo(RecordResult.NotAuthentic));
    }

    [Test]
    public void A_record_of_another_session_does_not_open()
    {
        using CipherPair pair = new();
        using CipherPair other = new();
        Assert.That(pair.Responder.Open(other.Initiator.Seal("hello"u8)), Is.EqualTo(RecordResult.NotAuthentic));
    }

    [TestCase(1)]
    [TestCase(200)]
    [TestCase(1024)]
    public void Additional_data_must_be_the_same(int size)
    {
        using CipherPair pair = new();
        byte[] aad = RandomNumberGenerator.GetBytes(size);
        byte[] record = new byte[5 + SessionCipher.Overhead];
        byte[] plaintext = new byte[5];
        pair.Initiator.Seal("hello"u8, aad, record);
        Assert.That(pair.Responder.TryOpen(record, default, plaintext, out _), Is.EqualTo(RecordResult.NotAuthentic));
        Assert.That(pair.Responder.TryOpen(record, aad.AsSpan(1), plaintext, out _), Is.EqualTo(RecordResult.NotAuthentic));
        Assert.That(pair.Responder.TryOpen(record, aad, plaintext, out _), Is.EqualTo(RecordResult.Opened));
    }

    [Test]
    public void Records_open_in_any_order_within_the_window()
    {
        using CipherPair pair = new(unlimited: true);
        List<byte[]> records = [.. Enumerable.Range(0, 1024).Select(i => pair.Initiator.Seal(BitConverter.GetBytes(i)))];
        for (int i = records.Count - 1; i >= 0; i--)
        {
            Assert.That(pair.Responder.Open(records[i], out byte[] plaintext), Is.EqualTo(RecordResult.Opened), $"record {i}");
            Assert.That(plaintext, Is.EqualTo(BitConverter.GetBytes(i)));
        }

        Assert.That(records.TrueForAll(record => pair.Responder.Open(record) == RecordResult.Replayed), Is.True);
    }

    [Test]
    public void A_record_older_than_the_window_is_stale()
    {
        using CipherPair pair = new(unlimited: true);
        byte[] oldest = pair.Initiator.Seal("0"u8);
        byte[] edge = pair.Initiator.Seal("1"u8);
        pair.Initiator.NextSequence = 1024;
        Assert.That(pair.Responder.Open(pair.Initiator.Seal("1024"u8)), Is.EqualTo(RecordResult.Opened));
        Assert.That(pair.Responder.Open(oldest), Is.EqualTo(RecordResult.Stale));
        Assert.That(pair.Responder.Open(edge), Is.EqualTo(RecordResult.Opened));
    }

    [Test]
    public void The_key_changes_every_256_records()
    {
        using CipherPair pair = new(unlimited: true);
        List<byte[]> records = [.. Enumerable.Range(0, 600).Select(_ => pair.Initiator.Seal("x"u8))];
        int[] order = [0, 256, 255, 257, 1, 512, 511, 254, 513, 2, 300, 599, 3];
        foreach (int i in order)
        {
            Assert.That(pair.Responder.Open(records[i]), Is.EqualTo(RecordResult.Opened), $"record {i}");
        }

        for (int i = 0; i < records.Count; i++)
        {
            Assert.That(pair.Responder.Open(records[i]), Is.EqualTo(order.Contains(i) ? RecordResult.Replayed : RecordResult.Opened), $"record {i}");
        }
    }

    [TestCase(255UL, 0UL)]
    [TestCase(256UL, 1UL)]
    [TestCase(257UL, 1UL)]
    [TestCase(511UL, 1UL)]
    [TestCase(512UL, 2UL)]
    [TestCase((1UL << 40) + 3, 1UL << 32)]
    public void A_record_is_sealed_under_the_key_of_its_generation(ulong sequence, ulong generation)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        foreach (bool isInitiator in (bool[])[true, false])
        {
            using SessionCipher cipher = SessionCipher.Create(seed, isInitiator, TimeProvider.System);
            cipher.NextSequence = sequence;
            byte[] record = cipher.Seal("hello"u8);
            using ChaCha20Poly1305 plain = new(ReferenceKeys.Record(seed, isInitiator ? "c2s" : "s2c", generation));
            byte[] plaintext = new byte[5];
            plain.Decrypt(record.AsSpan(8, 12), record.AsSpan(20, 5), record.AsSpan(25), plaintext, record.AsSpan(0, 8));
            Assert.That(plaintext, Is.EqualTo("hello"u8.ToArray()));
        }
    }

    [Test]
    public void The_last_number_is_neither_sent_nor_opened()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        using CipherPair pair = new(seed);
        pair.Initiator.NextSequence = ulong.MaxValue - 1;
        Assert.That(pair.Responder.Open(pair.Initiator.Seal("last"u8)), Is.EqualTo(RecordResult.Opened));
        Assert.That(() => pair.Initiator.Seal("too far"u8), Throws.InvalidOperationException);

        byte[] record = new byte[36];
        record.AsSpan(0, 8).Fill(0xff);
        using ChaCha20Poly1305 plain = new(ReferenceKeys.Record(seed, "c2s", ulong.MaxValue / 256));
        plain.Encrypt(record.AsSpan(8, 12), default, default, record.AsSpan(20), record.AsSpan(0, 8));
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Malformed));
    }

    [Test]
    public void A_session_ends_with_its_1000th_message_sent_or_received()
    {
        using CipherPair pair = new();
        for (int i = 0; i < 500; i++)
        {
            Assert.That(pair.Initiator.MessagesRemaining, Is.EqualTo(1000 - (2 * i)));
            Records.RoundTrip(pair.Initiator, pair.Responder, "question"u8);
            Records.RoundTrip(pair.Responder, pair.Initiator, "answer"u8);
        }

        Assert.That(pair.Initiator.MessagesRemaining, Is.Zero);
        Assert.That(pair.Initiator.IsExpired, Is.True);
        Assert.That(() => pair.Initiator.Seal("one more"u8), Throws.InvalidOperationException.And.Not.TypeOf<ObjectDisposedException>());
        Assert.That(pair.Responder.Open(new byte[36]), Is.EqualTo(RecordResult.Expired));
    }

    [Test]
    public void A_received_message_that_would_be_the_1001st_is_not_delivered()
    {
        FakeTimeProvider clock = new();
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        SessionLimits two = new() { MaxMessages = 2 };
        using SessionCipher sender = SessionCipher.Create(seed, isInitiator: true, clock);
        using SessionCipher receiver = SessionCipher.Create(seed, isInitiator: false, clock, two);
        Assert.That(receiver.Open(sender.Seal("1"u8)), Is.EqualTo(RecordResult.Opened));
        Assert.That(receiver.Open(sender.Seal("2"u8)), Is.EqualTo(RecordResult.Opened));
        Assert.That(receiver.Open(sender.Seal("3"u8), out byte[] plaintext), Is.EqualTo(RecordResult.Expired));
        Assert.That(plaintext, Is.EqualTo(new byte[1]));
    }

    [Test]
    public void A_session_ends_after_an_hour()
    {
        using CipherPair pair = new();
        for (int i = 0; i < 11; i++)
        {
            pair.Clock.Advance(TimeSpan.FromMinutes(5));
            Records.RoundTrip(pair.Initiator, pair.Responder, "still here"u8);
        }

        byte[] last = pair.Initiator.Seal("last"u8);
        pair.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(pair.Initiator.IsExpired, Is.False);
        pair.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(pair.Initiator.IsExpired, Is.True);
        Assert.That(pair.Responder.Open(last), Is.EqualTo(RecordResult.Expired));
        Assert.That(() => pair.Initiator.Seal("late"u8), Throws.InvalidOperationException);
    }

    [Test]
    public void A_session_ends_after_ten_idle_minutes_which_a_forgery_does_not_extend()
    {
        using CipherPair pair = new();
        pair.Clock.Advance(TimeSpan.FromMinutes(9));
        Records.RoundTrip(pair.Initiator, pair.Responder, "still here"u8);
        byte[] record = pair.Initiator.Seal("late"u8);
        pair.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.That(pair.Responder.Open(new byte[50]), Is.Not.EqualTo(RecordResult.Opened));
        Assert.That(pair.Responder.IsExpired, Is.False);
        pair.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(pair.Responder.IsExpired, Is.True);
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Expired));
    }

    [Test]
    public void An_ended_session_stays_ended()
    {
        using CipherPair pair = new();
        byte[] record = pair.Initiator.Seal("late"u8);
        pair.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Expired));
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Expired));
        Assert.That(() => pair.Responder.Seal("x"u8), Throws.InvalidOperationException);
    }

    [Test]
    public void A_disposed_session_neither_seals_nor_opens()
    {
        CipherPair pair = new();
        byte[] record = pair.Initiator.Seal("late"u8);
        pair.Dispose();
        Assert.That(pair.Responder.Open(record, out byte[] plaintext), Is.EqualTo(RecordResult.Closed));
        Assert.That(plaintext, Is.EqualTo(new byte[4]));
        Assert.That(() => pair.Initiator.Seal("x"u8), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(pair.Dispose, Throws.Nothing, "disposing twice is harmless");
    }

    [Test]
    public void Misuse_throws()
    {
        using CipherPair pair = new();
        byte[] buffer = new byte[200];
        byte[] record = pair.Initiator.Seal("hello"u8);
        Assert.That(() => pair.Initiator.Seal("hello"u8, default, new byte[40]), Throws.ArgumentException);
        Assert.That(() => pair.Initiator.Seal(buffer.AsSpan(0, 50), default, buffer.AsSpan(40)), Throws.ArgumentException);
        Assert.That(() => pair.Initiator.Seal("hello"u8, new byte[1025], buffer), Throws.ArgumentException);
        Assert.That(() => pair.Responder.TryOpen(record, default, new byte[4], out _), Throws.ArgumentException);
        Assert.That(() => pair.Responder.TryOpen(record, default, record, out _), Throws.ArgumentException);
        Assert.That(() => pair.Responder.TryOpen(record, new byte[1025], buffer, out _), Throws.ArgumentException);
        Assert.That(pair.Initiator.MessagesRemaining, Is.EqualTo(999), "misuse costs no message");
        Assert.That(pair.Responder.Open(record), Is.EqualTo(RecordResult.Opened));
    }

    [Test]
    public void A_larger_destination_is_filled_from_its_start()
    {
        using CipherPair pair = new();
        byte[] record = new byte[100];
        byte[] plaintext = new byte[50];
        plaintext.AsSpan().Fill(0xee);
        int length = pair.Initiator.Seal("hello"u8, default, record);
        Assert.That(pair.Responder.TryOpen(record.AsSpan(0, length), default, plaintext, out int written), Is.EqualTo(RecordResult.Opened));
        Assert.That(plaintext[..written], Is.EqualTo("hello"u8.ToArray()));
        Assert.That(plaintext[written], Is.EqualTo(0xee));
    }

    [Test]
    public void A_text_form_reveals_nothing()
    {
        using CipherPair pair = new();
        Assert.That(pair.Initiator.ToString(), Is.EqualTo("Sage.Session.SessionCipher"));
    }
}
