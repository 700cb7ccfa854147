namespace Sage.Session.Tests.Endpoints;

/// <summary>Rates and capacities: full means refuse, and a full peer refuses that peer only.</summary>
[TestFixture]
internal sealed class LimitTests
{
    [Test]
    public async Task One_did_completes_so_many_handshakes_a_second()
    {
        using TestPair pair = new(configure: options => options.HandshakesPerSecondPerDid = 5);
        using TestAgent other = new();
        pair.Directory.Publish(other);
        Assert.That(await CountAsync(pair, pair.Caller, 8), Is.EqualTo(5));
        Assert.That(await CountAsync(pair, other, 1), Is.EqualTo(1), "another agent is not touched");
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await CountAsync(pair, pair.Caller, 8), Is.EqualTo(5));
    }

    [Test]
    public async Task A_forged_handshake_takes_nothing_from_the_did_it_names()
    {
        using TestPair pair = new(configure: options => options.HandshakesPerSecondPerDid = 1);
        for (int i = 0; i < 5; i++)
        {
            using Initiation forged = pair.Initiation();
            forged.Signature = _ => new byte[64];
            await pair.SendAsync(forged.ToBody());
        }

        Assert.That(await CountAsync(pair, pair.Caller, 1), Is.EqualTo(1));
    }

    [Test]
    public async Task A_captured_handshake_sent_again_takes_nothing_from_the_did_it_names()
    {
        using TestPair pair = new(configure: options => options.HandshakesPerSecondPerDid = 2);
        using Initiation captured = pair.Initiation();
        byte[] body = captured.ToBody();
        Assert.That((await pair.SendAsync(body)).Success);
        for (int i = 0; i < 5; i++)
        {
            Assert.That((await pair.SendAsync(body)).Success, Is.False);
        }

        Assert.That(await CountAsync(pair, pair.Caller, 1), Is.EqualTo(1));
    }

    [Test]
    public async Task One_address_begins_so_many_handshakes_a_second_whoever_it_names()
    {
        using TestPair pair = new(configure: options => options.HandshakesPerSecondPerAddress = 4);
        using Initiation garbage = pair.Initiation();
        garbage.RawPayload = _ => "garbage";
        for (int i = 0; i < 3; i++)
        {
            await pair.SendAsync(garbage.ToBody());
        }

        Assert.That(await CountAsync(pair, pair.Caller, 5), Is.EqualTo(1));
        Assert.That(pair.Directory.Lookups, Is.EqualTo(1), "the rest was refused before any look-up");
        Assert.That(await CountAsync(pair, pair.Caller, 1, "192.0.2.2"), Is.EqualTo(1));
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await CountAsync(pair, pair.Caller, 5), Is.EqualTo(4));
    }

    [Test]
    public async Task A_full_listener_refuses_until_sessions_expire()
    {
        using TestPair pair = new(configure: options => options.MaxSessions = 3);
        Assert.That(await CountAsync(pair, pair.Caller, 5), Is.EqualTo(3));
        pair.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await CountAsync(pair, pair.Caller, 5), Is.EqualTo(3), "expired sessions make room");
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(3));
    }

    [Test]
    public async Task A_full_peer_is_refused_alone()
    {
        using TestPair pair = new(configure: options => options.MaxSessionsPerPeer = 2);
        using TestAgent other = new();
        pair.Directory.Publish(other);
        Assert.That(await CountAsync(pair, pair.Caller, 4), Is.EqualTo(2));
        Assert.That(await CountAsync(pair, other, 4), Is.EqualTo(2));
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(4));
    }

    [Test]
    public async Task Handshakes_in_parallel_never_pass_the_limits()
    {
        using TestPair pair = new(configure: options =>
        {
            options.MaxSessions = 25;
            options.MaxSessionsPerPeer = 10;
        });
        TestAgent[] agents = [.. Enumerable.Range(0, 4).Select(_ => new TestAgent())];
        pair.Directory.Publish(agents);
        int[] opened = await Task.WhenAll(agents.Select(agent => Task.Run(() => CountAsync(pair, agent, 20))));
        Assert.That(opened, Has.All.LessThanOrEqualTo(10));
        Assert.That(opened.Sum(), Is.EqualTo(25));
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(25));
    }

    [Test]
    public async Task Many_sessions_work_in_parallel()
    {
        using TestPair pair = new();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(session => Task.Run(async () =>
        {
            await using AgentSession opened = await pair.Client.OpenAsync(pair.Callee.Did);
            for (int i = 0; i < 20; i++)
            {
                Assert.That(await TestPair.AskAsync(opened, $"{session} {i}"), Is.EqualTo($"echo:{session} {i}"));
            }
        })));
        Assert.That(pair.Listener.SessionCount, Is.EqualTo(40));
    }

    private static async Task<int> CountAsync(TestPair pair, TestAgent agent, int count, string address = "192.0.2.1")
    {
        int opened = 0;
        for (int i = 0; i < count; i++)
        {
            using Initiation initiation = new(agent, pair.Callee, pair.Time);
            WireResponse answer = await pair.SendAsync(initiation.ToBody(), address);
            opened += answer.Success ? 1 : 0;
            Assert.That(answer.Error, Is.Null.Or.EqualTo("authentication failed"));
        }

        return opened;
    }
}
