using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Sage.Session.Tests.Unit.Protocol;

internal sealed class SessionCipherConcurrencyTests
{
    private const int Threads = 8;

    [TestCase(16)]
    [TestCase(4096)]
    public void Of_many_copies_opened_at_once_exactly_one_opens(int size)
    {
        using CipherPair pair = new(unlimited: true);
        for (int round = 0; round < 300; round++)
        {
            byte[] record = pair.Initiator.Seal(new byte[size]);
            RecordResult[] results = new RecordResult[Threads];
            Together(thread => results[thread] = pair.Responder.TryOpen(record, default, new byte[size], out _));
            Assert.That(results.Count(result => result == RecordResult.Opened), Is.EqualTo(1));
            Assert.That(results.Count(result => result == RecordResult.Replayed), Is.EqualTo(Threads - 1));
        }
    }

    [Test]
    public void Records_sealed_at_once_have_different_numbers_and_nonces()
    {
        const int PerThread = 2000;
        using CipherPair pair = new(unlimited: true);
        byte[][] records = new byte[Threads * PerThread][];
        Together(thread =>
        {
            for (int i = 0; i < PerThread; i++)
            {
                records[(thread * PerThread) + i] = pair.Initiator.Seal([(byte)thread]);
            }
        });
        Assert.That(records.Select(record => BinaryPrimitives.ReadUInt64BigEndian(record)).Order(), Is.EqualTo(Enumerable.Range(0, records.Length).Select(i => (ulong)i)));
        Assert.That(records.Select(record => Convert.ToHexString(record, 8, 12)).Distinct().Count(), Is.EqualTo(records.Length));
        Assert.That(records.OrderBy(record => BinaryPrimitives.ReadUInt64BigEndian(record)).All(record => pair.Responder.Open(record) == RecordResult.Opened), Is.True);
    }

    [Test]
    [Repeat(50)]
    public void Exactly_as_many_messages_as_the_limit_allows_are_sealed()
    {
        using CipherPair pair = new();
        int sealedRecords = 0;
        Together(_ =>
        {
            for (int i = 0; i < 500; i++)
            {
                try
                {
                    pair.Initiator.Seal("x"u8);
                    Interlocked.Increment(ref sealedRecords);
                }
                catch (InvalidOperationException)
                {
                    return;
                }
            }
        });

        // Whoever finds the limit reached erases the keys, under those who counted the last messages and have yet to seal them.
        Assert.That(sealedRecords, Is.InRange(1000 - Threads, 1000));
    }

    [Test]
    public void Both_directions_work_at_once()
    {
        // Four threads a direction: none can be overtaken by more than a window.
        const int PerThread = 250;
        using CipherPair pair = new(unlimited: true);
        ConcurrentBag<RecordResult> results = [];
        Together(thread =>
        {
            (SessionCipher from, SessionCipher to) = thread % 2 == 0 ? (pair.Initiator, pair.Responder) : (pair.Responder, pair.Initiator);
            for (int i = 0; i < PerThread; i++)
            {
                results.Add(to.Open(from.Seal("x"u8)));
            }
        });
        Assert.That(results, Has.Count.EqualTo(Threads * PerThread));
        Assert.That(results.Distinct(), Is.EqualTo(new[] { RecordResult.Opened }));
    }

    [TestCase(16)]
    [TestCase(4096)]
    public void Disposing_while_others_use_the_session_is_an_answer_and_no_crash(int size)
    {
        for (int round = 0; round < 100; round++)
        {
            CipherPair pair = new(unlimited: true);
            byte[][] records = [.. Enumerable.Range(0, 20).Select(_ => pair.Initiator.Seal(new byte[size]))];
            Together(thread =>
            {
                if (thread == 0)
                {
                    pair.Responder.Dispose();
                    return;
                }

                foreach (byte[] record in records)
                {
                    RecordResult result = pair.Responder.TryOpen(record, default, new byte[size], out _);
                    Assert.That(result, Is.AnyOf(RecordResult.Opened, RecordResult.Replayed, RecordResult.Closed));
                    try
                    {
                        pair.Responder.Seal(new byte[size]);
                    }
                    catch (ObjectDisposedException)
                    {
                        // The other of the two permitted answers.
                    }
                }
            });
            Assert.That(pair.Responder.Open(records[0]), Is.EqualTo(RecordResult.Closed));
            pair.Dispose();
        }
    }

    private static void Together(Action<int> work)
    {
        using Barrier barrier = new(Threads);
        ConcurrentQueue<Exception> failures = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            barrier.SignalAndWait();
            try
            {
                work(number);
            }
            catch (Exception exception)
            {
                failures.Enqueue(exception);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(failures, Is.Empty);
    }
}
