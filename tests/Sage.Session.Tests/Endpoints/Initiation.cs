using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sage.Session.Tests.Endpoints;

/// <summary>
/// An initiation that a test may bend before it is signed (<see cref="Payload"/>, <see cref="RawPayload"/>) or after
/// (<see cref="Envelope"/>).
/// </summary>
internal sealed class Initiation : IDisposable
{
    private readonly HandshakeInitiator handshake;

    public Initiation(TestAgent from, TestAgent to, TimeProvider timeProvider, string? context = null)
    {
        handshake = new HandshakeInitiator(from.Did.Value, to.Did.Value, to.AgreementKey, timeProvider, context);
        Payload = JsonNode.Parse(handshake.CreatePayload())!.AsObject();
        Signer = from;
        Envelope = new JsonObject
        {
            ["id"] = "msg-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            ["context_id"] = handshake.Context,
            ["task_id"] = HandshakeText.Task,
            ["did"] = from.Did.Value,
            ["role"] = "user",
        };
    }

    public JsonObject Payload { get; }

    public JsonObject Envelope { get; }

    public TestAgent Signer { get; set; }

    public string Context => handshake.Context;

    /// <summary>The payload's bytes, if they are not just the JSON of <see cref="Payload"/>.</summary>
    public Func<string, string>? RawPayload { get; set; }

    /// <summary>Changes the signature.</summary>
    public Func<byte[], byte[]>? Signature { get; set; }

    /// <summary>A member of the signed envelope that gets another value, whatever its type.</summary>
    public (string Member, JsonNode? Value)? Override { get; set; }

    /// <summary>A member that is taken out of the signed envelope.</summary>
    public string? Remove { get; set; }

    public static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public JsonObject Sign()
    {
        string text = Text(Payload);
        byte[] payload = Encoding.UTF8.GetBytes(RawPayload?.Invoke(text) ?? text);
        byte[] signature = Signer.SignRaw(payload);
        JsonObject signed = Envelope.DeepClone().AsObject();
        signed.TryAdd("payload", Convert.ToBase64String(payload));
        signed.TryAdd("signature", Convert.ToBase64String(Signature?.Invoke(signature) ?? signature));
        if (Override is { } change)
        {
            signed[change.Member] = change.Value?.DeepClone();
        }

        if (Remove is { } member)
        {
            signed.Remove(member);
        }

        return signed;
    }

    public byte[] ToBody() => Encoding.UTF8.GetBytes(Text(Sign()));

    /// <summary>Completes the handshake with an answer.</summary>
    public SessionCipher Complete(WireResponse answer, TestAgent callee, out string kid)
    {
        Assert.That(answer.Success, Is.True, answer.Error);
        Assert.That(handshake.TryComplete(answer.Data, callee.Signer.PublicKey, out SessionCipher? cipher, out string? handle, out HandshakeError error), Is.True, error.ToString());
        kid = handle!;
        return cipher!;
    }

    public void Dispose() => handshake.Dispose();
}
