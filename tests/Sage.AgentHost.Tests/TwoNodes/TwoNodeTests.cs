using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sage.Session;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>One agent on two processes, one PostgreSQL and one Redis: what holds while they work, and while one of the four is gone.</summary>
[TestFixture]
[CancelAfter(240_000)]
internal sealed class TwoNodeTests
{
    private static readonly Uri Anywhere = new("http://127.0.0.1");

    private Cluster cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => cluster = await Cluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await cluster.DisposeAsync();

    [Test]
    public async Task Two_nodes_that_start_at_once_on_an_empty_database_migrate_it_once()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(cluster.Database);
        await using NpgsqlCommand command = database.CreateCommand("SELECT count(*) FROM sage_migrations");
        long recorded = (long)(await command.ExecuteScalarAsync())!;
        int applied = Regex.Matches(cluster.A.Output + cluster.B.Output, @"PostgreSQL: (\d+) migrations applied")
            .Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

        Assert.That(recorded, Is.GreaterThan(0));
        Assert.That(applied, Is.EqualTo(recorded), "what both say together");
    }

    [Test]
    public async Task A_session_opened_on_one_node_goes_on_at_the_other_and_back()
    {
        using Nodes nodes = new(cluster.A, cluster.B);
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        for (int i = 0; i < 6; i++)
        {
            WireResponse reply = await nodes.SendToAsync(i % 2 == 0 ? cluster.B : cluster.A, await session.SealAsync($"wander {i}"));
            Assert.That(session.Open(reply), Is.EqualTo($"wander {i}"));
            Assert.That(Nodes.NumberOf(reply), Is.EqualTo(i), "the nodes number their replies in one row");
        }
    }

    [Test]
    public async Task A_record_that_both_nodes_get_at_the_same_time_counts_at_one()
    {
        using Nodes nodes = new(cluster.A, cluster.B);
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        for (int i = 0; i < 50; i++)
        {
            WireMessage envelope = await session.SealAsync($"both {i}");
            WireResponse[] answers = await Task.WhenAll(
                nodes.SendToAsync(cluster.A, envelope), nodes.SendToAsync(cluster.B, envelope), nodes.SendToAsync(cluster.A, envelope), nodes.SendToAsync(cluster.B, envelope));
            Assert.That(answers.Count(answer => answer.Success), Is.EqualTo(1));
            Assert.That(session.Open(answers.Single(answer => answer.Success)), Is.EqualTo($"both {i}"));
            Assert.That(cluster.Ledger.Count($"both {i}"), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_node_killed_while_its_application_works_has_spent_the_record_and_the_number_of_the_reply()
    {
        using Nodes nodes = new(cluster.A, cluster.B);
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        Assert.That(Nodes.NumberOf(await nodes.SendToAsync(cluster.A, await session.SealAsync("before"))), Is.Zero);
        WireMessage held = await session.SealAsync("hold while killed");
        Task<WireResponse> lost = nodes.SendToAsync(cluster.A, held);
        await cluster.Ledger.Held;

        cluster.A.Kill();
        await cluster.A.WaitUntilGoneAsync();

        Assert.That(async () => await lost, Throws.TypeOf<SessionException>());
        cluster.Ledger.Release();
        WireResponse again = await nodes.SendToAsync(cluster.B, held);
        WireResponse next = await nodes.SendToAsync(cluster.B, await session.SealAsync("after"));
        Assert.That(again.Success, Is.False, "the killed node had noted the record before the application saw it");
        Assert.That(cluster.Ledger.Count("hold while killed"), Is.EqualTo(1));
        Assert.That(session.Open(next), Is.EqualTo("after"));
        Assert.That(Nodes.NumberOf(next), Is.EqualTo(2), "number 1 was reserved by the killed node, which may have used it");

        await cluster.A.StartAsync();
        WireResponse back = await nodes.SendToAsync(cluster.A, await session.SealAsync("back"));
        Assert.That((session.Open(back), Nodes.NumberOf(back)), Is.EqualTo(("back", 3UL)));
    }

    [Test]
    public async Task Ten_thousand_messages_survive_the_kill_of_a_node()
    {
        // A session ends after 1,000 records: half of them stay within that, the others renew themselves.
        const int Sessions = 20;
        const int Steady = 498;
        const int Renewing = 502;
        using Nodes nodes = new(cluster.A, cluster.B);
        int answered = 0;
        int unknown = 0;
        TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource isBack = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Task[] talk = [.. Enumerable.Range(0, Sessions).Select(i => Task.Run(() => i % 2 == 0 ? SteadyAsync(i) : RenewingAsync(i)))];

        // Whoever ends this early has failed, and says why.
        await await Task.WhenAny([third.Task, .. talk]);
        cluster.A.Kill();
        await cluster.A.WaitUntilGoneAsync();
        int atKill = Volatile.Read(ref answered);
        await cluster.A.StartAsync();
        int atReturn = Volatile.Read(ref answered);
        nodes.Join(cluster.A);
        isBack.SetResult();
        await Task.WhenAll(talk);

        TestContext.Out.WriteLine($"{answered} answered ({atKill} at the kill, {atReturn} at the return), {unknown} of unknown outcome");
        Assert.That(answered + unknown, Is.EqualTo(10_000));
        Assert.That(atReturn, Is.GreaterThan(atKill), "the other node went on alone");
        Assert.That(answered, Is.GreaterThan(atReturn));
        Assert.That(unknown, Is.LessThanOrEqualTo(2 * Sessions), "at most what was under way at the kill, and what was sent before it was known");
        Assert.That(nodes.AcceptedTwice, Is.Zero);
        Assert.That(nodes.NumbersReused, Is.Zero);
        Assert.That(nodes.Replies, Is.EqualTo(answered));

        async Task NoteAsync(string message, string? reply, int index)
        {
            int count = cluster.Ledger.Count(message);
            Assert.That(count, reply is null ? Is.LessThanOrEqualTo(1) : Is.EqualTo(1), "how often the application was told");
            Assert.That(reply, Is.Null.Or.EqualTo(message));
            Interlocked.Increment(ref reply is null ? ref unknown : ref answered);
            if (index == Steady / 3)
            {
                third.TrySetResult();
            }

            // The last third is for both nodes again.
            if (index == Steady * 2 / 3)
            {
                await isBack.Task;
            }
        }

        async Task SteadyAsync(int index)
        {
            using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(index), cluster.Record, nodes);
            for (int i = 0; i < Steady; i++)
            {
                await NoteAsync($"steady {index} {i}", await session.RequestAsync(nodes, $"steady {index} {i}"), i);
            }
        }

        async Task RenewingAsync(int index)
        {
            SessionClient client = cluster.Client(index, nodes);
            AgentSession? session = null;
            for (int i = 0; i < Renewing; i++)
            {
                string message = $"renewing {index} {i}";
                string? reply = null;
                try
                {
                    session = session is { IsOpen: true } ? session : await client.OpenAsync(cluster.Record.Did, Anywhere);
                    reply = Encoding.UTF8.GetString((await session.RequestAsync(Encoding.UTF8.GetBytes(message))).Content.Span);
                }
                catch (SessionException)
                {
                    // What became of the message is not known; the client goes on with the next, in a new session.
                }

                await NoteAsync(message, reply, i);
            }

            await session!.DisposeAsync();
        }
    }

    [Test]
    public async Task While_PostgreSQL_is_gone_records_are_refused_and_afterwards_the_session_goes_on()
    {
        using Nodes nodes = new(cluster.A, cluster.B);
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        Assert.That(await session.RequestAsync(nodes, "before postgres"), Is.EqualTo("before postgres"));

        await cluster.Postgres.StopAsync();
        foreach (NodeProcess node in new[] { cluster.A, cluster.B })
        {
            WireResponse refused = await nodes.SendToAsync(node, await session.SealAsync("postgres is gone"));
            Assert.That(refused.Success, Is.False);
            await node.WaitForAsync(HttpStatusCode.ServiceUnavailable);
        }

        await cluster.Postgres.StartAgainAsync();
        await Task.WhenAll(cluster.A.WaitForAsync(HttpStatusCode.OK), cluster.B.WaitForAsync(HttpStatusCode.OK));

        foreach (NodeProcess node in new[] { cluster.A, cluster.B })
        {
            Assert.That(session.Open(await nodes.SendToAsync(node, await session.SealAsync("after postgres"))), Is.EqualTo("after postgres"));
        }

        Assert.That(cluster.Ledger.Count("postgres is gone"), Is.Zero);
        Assert.That(nodes.NumbersReused, Is.Zero);
    }

    [Test]
    public async Task While_Redis_is_gone_nobody_opens_a_session_and_afterwards_it_has_forgotten_no_initiation()
    {
        using Nodes nodes = new(cluster.A, cluster.B);
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        WireMessage used = nodes.LastInitiation!;

        await cluster.Redis.StopAsync();
        SessionClient stranger = cluster.Client(1, nodes);
        Assert.That(
            async () => await stranger.OpenAsync(cluster.Record.Did, Anywhere), Throws.TypeOf<SessionException>().With.Property(nameof(SessionException.Error)).EqualTo(SessionError.Refused));
        Assert.That(await session.RequestAsync(nodes, "no nonce is needed for this"), Is.Not.Null, "a record has a number, which is in PostgreSQL");
        await Task.WhenAll(cluster.A.WaitForAsync(HttpStatusCode.ServiceUnavailable), cluster.B.WaitForAsync(HttpStatusCode.ServiceUnavailable));

        await cluster.Redis.StartAgainAsync();
        await Task.WhenAll(cluster.A.WaitForAsync(HttpStatusCode.OK), cluster.B.WaitForAsync(HttpStatusCode.OK));

        Assert.That((await nodes.SendToAsync(cluster.A, used)).Success, Is.False, "it was used before");
        Assert.That((await nodes.SendToAsync(cluster.B, used)).Success, Is.False, "it was used before");
        await using AgentSession opened = await stranger.OpenAsync(cluster.Record.Did, Anywhere);
        Assert.That(opened.IsOpen);
    }

    [Test]
    public async Task A_message_is_one_trace_from_the_caller_through_a_node_to_its_application()
    {
        ConcurrentQueue<byte[]> exported = new();
        await using WebApplication collector = await CollectAsync(exported);
        await using NodeProcess traced = cluster.Another("Sage__Telemetry__OtlpEndpoint", collector.Urls.Single());
        await traced.StartAsync();
        using Nodes nodes = new(traced);
        using Activity root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        root.Start();
        using SteadySession session = await SteadySession.OpenAsync(cluster.Peer(0), cluster.Record, nodes);
        Assert.That(await session.RequestAsync(nodes, "traced"), Is.EqualTo("traced"));
        root.Stop();

        Assert.That(cluster.Ledger.TraceOf("traced"), Does.StartWith($"00-{root.TraceId.ToHexString()}-"));
        Assert.That(await traced.StopAsync(), Is.Zero);
        byte[] trace = Convert.FromHexString(root.TraceId.ToHexString());
        Assert.That(exported.Count(body => body.AsSpan().IndexOf(trace) >= 0), Is.GreaterThan(0), "what the node sends before it stops");
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentQueue<byte[]> exported)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.MapPost("/v1/traces", (RequestDelegate)(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            exported.Enqueue(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
        }));
        await collector.StartAsync();
        return collector;
    }
}
