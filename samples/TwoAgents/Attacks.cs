using System.Text;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace TwoAgents;

/// <summary>Four things an attacker would try, and one check that they changed nothing.</summary>
internal static class Attacks
{
    public sealed record Scene(Identity Alice, Identity Bob, IAgentRegistry Registry, RecordingTransport Wire, AgentSession Session);

    public static async Task RunAsync(Scene scene, Report report)
    {
        report.Heading("What must not work");
        Uri bob = new((await scene.Registry.GetAsync(scene.Bob.Did))!.Endpoint);
        WireMessage recorded = scene.Wire.LastMessage!;

        ShowRefusal(report, "replayed record", await scene.Wire.SendAsync(bob, recorded));
        ShowRefusal(report, "changed record", await scene.Wire.SendAsync(bob, await ChangeAsync(recorded, scene.Alice.Agent.Signer)));
        await ExpectRefusalAsync(report, "impostor", () => OpenAsImpostorAsync(scene));

        SessionMessage reply = await scene.Session.RequestAsync("still there?"u8.ToArray());
        report.Check("the session", Encoding.UTF8.GetString(reply.Content.Span) == "echo:still there?", "goes on unharmed");

        await scene.Registry.RevokeKeyAsync(scene.Alice.Did, scene.Alice.Agent.Signer.PublicKey, scene.Alice.Owner);
        await ExpectRefusalAsync(report, "revoked key", async () => await scene.Session.RequestAsync("and now?"u8.ToArray()));
        await ExpectRefusalAsync(report, "  new session", () => OpenAsync(scene, scene.Alice.Agent));
    }

    /// <summary>One bit of the ciphertext flipped, and signed again: even Alice's own signature does not make it open.</summary>
    private static async Task<WireMessage> ChangeAsync(WireMessage recorded, ISigner signer)
    {
        byte[] payload = recorded.Payload.ToArray();
        payload[^1] ^= 1;
        payload[7]++;
        byte[] signature = await signer.SignAsync(SigningPurpose.SessionRecord, payload);
        return WireMessage.Create(recorded.Id, recorded.Did, payload, signature, recorded.ContextId, recorded.TaskId, recorded.Role, recorded.Metadata);
    }

    /// <summary>Mallory knows Alice's DID, but signs with a key that is not in her record.</summary>
    private static async Task OpenAsImpostorAsync(Scene scene)
    {
        using PrivateKey mallory = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await OpenAsync(scene, new LocalAgent(scene.Alice.Did, new KeySigner(mallory)));
    }

    private static async Task OpenAsync(Scene scene, LocalAgent self)
    {
        SessionClient client = new(self, scene.Registry, scene.Wire, Conversation.Options);
        await using AgentSession session = await client.OpenAsync(scene.Bob.Did);
    }

    private static void ShowRefusal(Report report, string name, WireResponse response) =>
        report.Check(name, !response.Success, response.Success ? "answered" : $"refused: \"{response.Error}\"");

    private static async Task ExpectRefusalAsync(Report report, string name, Func<Task> attempt)
    {
        try
        {
            await attempt();
            report.Check(name, false, "answered");
        }
        catch (SessionException exception)
        {
            report.Check(name, exception.Error == SessionError.Refused, $"refused: \"{exception.Message}\"");
        }
    }
}
