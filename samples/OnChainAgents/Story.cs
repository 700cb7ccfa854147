using System.Diagnostics;
using System.Text;
using Sage.Crypto;
using Sage.Did;
using Sage.Did.Ethereum;
using Sage.Session;

namespace OnChainAgents;

/// <summary>Two agents that share nothing but a chain talk by DID; then a key is rotated while they talk, and another one revoked.</summary>
internal static class Story
{
    private static readonly AgentSessionOptions Options = new() { Endpoints = new EndpointPolicy { AllowLoopback = true, AllowHttp = true } };

    public static async Task<bool> RunAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Report report = new(Console.Out);
        await using LocalChain chain = await LocalChain.StartAsync();
        using Owner owner = new(chain);
        await chain.FundAsync(owner.Address);
        EthereumDeployment deployment = await owner.DeployAsync();
        report.Heading($"A chain at {chain.Address}, and a registry on it");
        report.Line("deployment", deployment.ToString());

        using Identity alice = await Identity.RegisterAsync(deployment, owner);
        using Identity bob = await Identity.RegisterAsync(deployment, owner);
        await chain.FinalizeAsync(bob.ChangedIn);
        report.Heading("Two agents are registered, and final");
        report.Line("alice", alice.Did.Value);
        report.Line("bob", bob.Did.Value);

        await using Responder responder = await Responder.StartAsync(bob.Agent, alice.Did, deployment, chain.Address);
        using HttpEthereumRpc node = new(chain.Address);
        EthereumDidResolver resolver = new(deployment, [node]);
        using HttpSessionTransport http = new(Options.Endpoints);

        report.Heading("Alice opens a session with Bob, by his DID");
        await using AgentSession first = await new SessionClient(alice.Agent, resolver, http, Options).OpenAsync(bob.Did, responder.Address);
        report.Check("first session", await AskAsync(first, "hello") == "echo:hello", "answered");

        report.Heading("Alice's key is rotated meanwhile; the old one counts on for an overlap");
        await alice.RotateAsync();
        await chain.FinalizeAsync(alice.ChangedIn);
        report.Check("first session", await AskAsync(first, "still there?") == "echo:still there?", "goes on under the key it began with");
        SessionClient renewed = new(alice.Agent, resolver, http, Options);
        await using AgentSession second = await OpenAsync(renewed, bob.Did, responder.Address);
        report.Check("second session", await AskAsync(second, "new key") == "echo:new key", "opened with the new key, answered");

        report.Heading("The new key leaks, and is revoked on chain");
        await RevokeAsync(chain, alice, second, report);
        string? refusal = await RefusalAsync(async () => await (await renewed.OpenAsync(bob.Did, responder.Address)).DisposeAsync());
        report.Check("another session", refusal is not null, refusal is null ? "was opened with the revoked key" : $"refused: {refusal}");
        report.Check("first session", await AskAsync(first, "and I?") == "echo:and I?", "goes on, its key is not the one that leaked");

        report.Heading($"{(report.IsGood ? "Everything was as it should be" : "SOMETHING WAS NOT AS IT SHOULD BE")}, in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
        return report.IsGood;
    }

    private static async Task RevokeAsync(LocalChain chain, Identity alice, AgentSession session, Report report)
    {
        await alice.RevokeNewestAsync();
        long revoked = Stopwatch.GetTimestamp();
        string? refusal;
        while ((refusal = await RefusalAsync(() => AskAsync(session, "am I still welcome?"))) is null && Stopwatch.GetElapsedTime(revoked) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(20);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(revoked);
        ulong blocks = (await chain.Client.GetBlockAsync(BlockTag.Latest)).Number - alice.ChangedIn;
        report.Check("second session", refusal is not null && blocks <= 1, $"refused {elapsed.TotalMilliseconds:F0} ms after the revocation was in a block, {blocks} block later: {refusal}");
    }

    /// <summary>Opens a session with a key that has just become final: the other side looks at the chain a moment later.</summary>
    private static async Task<AgentSession> OpenAsync(SessionClient client, AgentDid peer, Uri address)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.OpenAsync(peer, address);
            }
            catch (SessionException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<string> AskAsync(AgentSession session, string text) =>
        Encoding.UTF8.GetString((await session.RequestAsync(Encoding.UTF8.GetBytes(text))).Content.Span);

    private static async Task<string?> RefusalAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (SessionException exception)
        {
            return exception.Message;
        }
    }
}
