using System.Diagnostics;
using System.Text.Json;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace TwoAgents;

/// <summary>Alice finds Bob by his DID, asks him in private, and then everything is tried that must not work.</summary>
internal static class Conversation
{
    /// <summary>The reply is a message too, and five bytes longer.</summary>
    public const int LargestText = AgentSessionOptions.MaxMessageSize - 5;

    public static readonly AgentSessionOptions Options = new() { Endpoints = new EndpointPolicy { AllowLoopback = true, AllowHttp = true } };

    public static async Task<bool> RunAsync(byte[] text)
    {
        long started = Stopwatch.GetTimestamp();
        string folder = Directory.CreateTempSubdirectory("two-agents-").FullName;
        try
        {
            Report report = new(Console.Out);
            await TalkAsync(text, folder, report);
            report.Heading($"{(report.IsGood ? "Everything was as it should be" : "SOMETHING WAS NOT AS IT SHOULD BE")}, in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
            return report.IsGood;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TalkAsync(byte[] text, string folder, Report report)
    {
        using Identity alice = await Identity.CreateAsync(Path.Combine(folder, "alice-keys.json"));
        using Identity bob = await Identity.CreateAsync(Path.Combine(folder, "bob-keys.json"));
        string registryFile = Path.Combine(folder, "agents.json");
        FileAgentRegistry registry = new(registryFile);
        await using Responder responder = await Responder.StartAsync(bob.Agent, alice.Did, registryFile);
        await alice.RegisterAsync(registry, "alice", new Uri("http://127.0.0.1:1"));
        await bob.RegisterAsync(registry, "bob", responder.Address);
        report.Heading("Two agents, their keys encrypted in files, their public keys in a registry file");
        report.Line("alice", alice.Did.Value);
        report.Line("bob", $"{bob.Did.Value} at {responder.Address}");

        using HttpSessionTransport http = new(Options.Endpoints);
        RecordingTransport wire = new(http);
        SessionClient client = new(alice.Agent, registry, wire, Options);
        await using AgentSession session = await client.OpenAsync(bob.Did);
        SessionMessage reply = await session.RequestAsync(text);
        report.Heading("Alice opens a session by Bob's DID and asks");
        report.Line("alice says", Report.Show(text));
        report.Check("bob replies", reply.Content.Span.SequenceEqual(Responder.Reply(text).Span), Report.Show(reply.Content.Span));

        ShowWire(wire, text, report);
        await Attacks.RunAsync(new Attacks.Scene(alice, bob, registry, wire, session), report);
    }

    private static void ShowWire(RecordingTransport wire, byte[] text, Report report)
    {
        WireMessage message = wire.LastMessage!;
        report.Heading("What crossed the wire with the question");
        using JsonDocument envelope = JsonDocument.Parse(message.ToJson());
        foreach (JsonProperty member in envelope.RootElement.EnumerateObject())
        {
            string value = member.Value.GetRawText();
            report.Line(member.Name, value.Length <= 100 ? value : $"{value[..64]}…{value[^8..]} ({value.Length} characters)");
        }

        report.Line("reply", $"\"{Convert.ToBase64String(wire.LastResponse!.Data.Span[..36])}…\" ({wire.LastResponse.Data.Length} bytes)");
        bool hidden = message.Payload.Span.IndexOf(text) < 0 && wire.LastResponse.Data.Span.IndexOf(text) < 0;
        report.Check("plaintext in it", hidden || text.Length < 4, text.Length < 4 ? "too short to look for" : hidden ? "no" : "yes");
    }
}
