using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Endpoints;

/// <summary>The caller's end of an open session, with envelopes a test may bend.</summary>
internal sealed class OpenRecordSession : IDisposable
{
    private OpenRecordSession(TestPair pair, TestAgent owner, SessionCipher cipher, string kid, string context)
    {
        Pair = pair;
        Owner = owner;
        Cipher = cipher;
        Kid = kid;
        Context = context;
    }

    public TestPair Pair { get; }

    public TestAgent Owner { get; }

    public SessionCipher Cipher { get; }

    public string Kid { get; }

    public string Context { get; }

    public static async Task<OpenRecordSession> OpenAsync(TestPair pair, TestAgent? owner = null)
    {
        owner ??= pair.Caller;
        using Initiation initiation = new(owner, pair.Callee, pair.Time);
        WireResponse answer = await pair.SendAsync(initiation.ToBody());
        SessionCipher cipher = initiation.Complete(answer, pair.Callee, out string kid);
        return new OpenRecordSession(pair, owner, cipher, kid, initiation.Context);
    }

    public byte[] Seal(string text, byte[]? aad = null)
    {
        byte[] plaintext = Encoding.UTF8.GetBytes(text);
        byte[] record = new byte[plaintext.Length + SessionCipher.Overhead];
        Cipher.Seal(plaintext, aad, record);
        return record;
    }

    public JsonObject Envelope(byte[] record) => new()
    {
        ["id"] = RandomText.Uuid(),
        ["context_id"] = Context,
        ["payload"] = Convert.ToBase64String(record),
        ["did"] = Owner.Did.Value,
        ["signature"] = Convert.ToBase64String(Owner.SignRaw(record)),
        ["role"] = "user",
        ["metadata"] = new JsonObject { ["kid"] = Kid },
    };

    public ValueTask<WireResponse> SendAsync(JsonObject envelope) => Pair.SendAsync(Encoding.UTF8.GetBytes(Initiation.Text(envelope)));

    public ValueTask<WireResponse> SendAsync(byte[] record, Action<JsonObject>? bend = null)
    {
        JsonObject envelope = Envelope(record);
        bend?.Invoke(envelope);
        return SendAsync(envelope);
    }

    public string Open(WireResponse answer)
    {
        Assert.That(answer.Success, Is.True, answer.Error);
        byte[] plaintext = new byte[answer.Data.Length - SessionCipher.Overhead];
        Assert.That(Cipher.TryOpen(answer.Data.Span, default, plaintext, out _), Is.EqualTo(RecordResult.Opened));
        return Encoding.UTF8.GetString(plaintext);
    }

    public void Dispose() => Cipher.Dispose();
}
