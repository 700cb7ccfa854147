using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests;

/// <summary>A responder under a flood of garbage stays up, keeps nothing of it, and still serves its peers.</summary>
[TestFixture]
internal sealed class FloodTests
{
    private const int Posts = 100_000;
    private const int InFlight = 50;
    private const long MemoryBound = 16 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_flood_of_garbage_leaves_the_responder_up_with_bounded_memory()
    {
        await using TestService service = await TestService.StartAsync(withLogs: false);
        byte[][] garbage = [.. Garbage(service)];
        using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = InFlight });
        await FloodAsync(http, service.Messages, garbage, 500, Longest);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        int sent = await FloodAsync(http, service.Messages, garbage, Posts, Longest);

        long after = GC.GetTotalMemory(forceFullCollection: true);
        TestContext.Out.WriteLine($"{sent} posts, {(after - before) / 1024} KiB more memory");
        Assert.That(sent, Is.GreaterThan(1000));
        Assert.That(after - before, Is.LessThan(MemoryBound));
        Assert.That(service.Listener.SessionCount, Is.Zero);
        await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
        Assert.That((await session.RequestAsync("still there?"u8.ToArray())).Content.Length, Is.EqualTo("echo:still there?".Length));
    }

    /// <summary>Sends as many posts as there is time for; every answer must be a plain refusal.</summary>
    private static async Task<int> FloodAsync(HttpClient http, Uri url, byte[][] garbage, int posts, TimeSpan longest)
    {
        long start = Stopwatch.GetTimestamp();
        int next = 0;
        int sent = 0;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) <= posts && Stopwatch.GetElapsedTime(start) < longest)
            {
                using HttpResponseMessage response = await http.PostAsync(url, new ByteArrayContent(garbage[index % garbage.Length]));
                string answer = await response.Content.ReadAsStringAsync();
                if (response.StatusCode != HttpStatusCode.OK || !answer.StartsWith("{\"success\":false,", StringComparison.Ordinal))
                {
                    throw new AssertionException($"{(int)response.StatusCode}: {answer}");
                }

                Interlocked.Increment(ref sent);
            }
        })));
        return sent;
    }

    /// <summary>What comes far and what comes nowhere: noise, broken JSON, forged initiations, records of no session.</summary>
    private static IEnumerable<byte[]> Garbage(TestService service)
    {
        for (int i = 0; i < 20; i++)
        {
            yield return RandomNumberGenerator.GetBytes(1 + (i * 100));
            yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", i * 10)));

            using Initiation forged = service.Initiation();
            forged.Signature = signature => RandomNumberGenerator.GetBytes(signature.Length);
            yield return forged.ToBody();

            using Initiation misdirected = service.Initiation();
            misdirected.Payload["respDid"] = $"did:sage:ethereum:0x{i}";
            yield return misdirected.ToBody();

            using Initiation unknown = service.Initiation();
            unknown.Payload["initDid"] = $"did:sage:ethereum:0x{i}";
            unknown.Envelope["did"] = $"did:sage:ethereum:0x{i}";
            yield return unknown.ToBody();

            using Initiation record = service.Initiation();
            record.RawPayload = _ => new string('r', 100);
            record.Envelope.Remove("task_id");
            record.Envelope["metadata"] = new JsonObject { ["kid"] = $"kid-{i}" };
            yield return record.ToBody();
        }
    }
}
