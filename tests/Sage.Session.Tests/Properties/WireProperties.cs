using System.Security.Cryptography;
using System.Text;
using FsCheck;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Properties;

internal sealed class WireProperties
{
    private static readonly PrivateKey AgreementKey = PrivateKey.Generate(KeyAlgorithm.X25519);

    private static readonly byte[][] Seeds =
    [
        WireMessage.Create("id", "did:a:b", new byte[] { 1 }, new byte[] { 2 }, "ctx", "task", "user", new Dictionary<string, string> { ["kid"] = "k" }).ToJson(),
        WireResponse.Failed(null, "error", new byte[] { 3 }).ToJson(),
        InitiationPayload.Write("did:a:1", "did:b:2", "info"u8, "export"u8, "nonce", DateTimeOffset.UnixEpoch, new byte[32], new byte[32]),
        CompletionPayload.Write(
            CompletionPayload.WriteSigned("ctx", "kid", "did:a:b", "2026-09-01T12:00:00Z", new byte[32], new byte[32], new byte[32], new byte[32], new byte[32], new byte[32]),
            new byte[64]),
        CookieChallenge.Write("abc"),
    ];

    [OneTimeTearDown]
    public void EraseKey() => AgreementKey.Dispose();

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Any_bytes_are_read_or_refused_without_an_exception(byte[] bytes) => ReadAll(bytes);

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Any_text_is_read_or_refused_without_an_exception(NonNull<string> text) => ReadAll(Encoding.UTF8.GetBytes(text.Get));

    /// <summary>Near misses reach further into the parsers than noise does.</summary>
    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Any_change_to_good_JSON_is_read_or_refused_without_an_exception(byte which, (ushort Place, byte Value)[] changes, NonNegativeInt cut)
    {
        byte[] bytes = [.. Seeds[which % Seeds.Length]];
        foreach ((ushort place, byte value) in changes)
        {
            bytes[place % bytes.Length] = value;
        }

        ReadAll(bytes);
        ReadAll(bytes[..(cut.Get % bytes.Length)]);
    }

    [FsCheck.NUnit.Property]
    public bool An_envelope_comes_back(NonEmptyString id, NonEmptyString role, NonEmptyArray<byte> payload, byte[] signature)
    {
        WireMessage message = WireMessage.Create(Whole(id.Get), "did:a:b", payload.Get, signature, null, null, Whole(role.Get));
        return WireMessage.TryParse(message.ToJson(), out WireMessage? read)
            && read.Id == message.Id && read.Role == message.Role
            && read.Payload.Span.SequenceEqual(payload.Get) && read.Signature.Span.SequenceEqual(signature)
            && read.ToJson().AsSpan().SequenceEqual(message.ToJson());
    }

    [FsCheck.NUnit.Property]
    public bool An_answer_comes_back(NonEmptyString error, byte[] data)
    {
        WireResponse response = WireResponse.Failed(null, Whole(error.Get), data);
        return WireResponse.TryParse(response.ToJson(), out WireResponse? read)
            && read.Error == response.Error && read.Data.Span.SequenceEqual(data);
    }

    [FsCheck.NUnit.Property]
    public bool A_response_comes_back(NonEmptyArray<byte> noise)
    {
        byte[] Value(byte number) => SHA256.HashData((byte[])[number, .. noise.Get]);
        byte[] signed = CompletionPayload.WriteSigned("ctx-1", "kid-1", "did:a:b", "2026-09-01T12:00:00.5Z", Value(1), Value(2), Value(3), Value(4), Value(5), Value(6));
        byte[] signature = [.. Value(7), .. Value(8)];
        return CompletionPayload.TryParse(CompletionPayload.Write(signed, signature), out CompletionPayload? read)
            && read.ResponderKey.SequenceEqual(Value(1)) && read.AckTag.SequenceEqual(Value(2))
            && read.InfoHash.SequenceEqual(Value(3)) && read.ExportContextHash.SequenceEqual(Value(4))
            && read.EncapsulatedKey.SequenceEqual(Value(5)) && read.InitiatorKey.SequenceEqual(Value(6))
            && read.Signature.SequenceEqual(signature) && read.ToSignedBytes().AsSpan().SequenceEqual(signed)
            && JsonCanonicalizer.Canonicalize(signed).AsSpan().SequenceEqual(signed)
            && SigningPurpose.HandshakeResponse.Accepts(signed);
    }

    [FsCheck.NUnit.Property]
    public bool A_time_comes_back(DateTime time)
    {
        DateTimeOffset utc = new(time.Ticks, TimeSpan.Zero);
        return Rfc3339.TryParse(Rfc3339.Format(utc), out DateTimeOffset read) && read == utc;
    }

    private static void ReadAll(byte[] bytes)
    {
        Assert.That(WireMessage.TryParse(bytes, out WireMessage? message), Is.EqualTo(message is not null));
        Assert.That(WireResponse.TryParse(bytes, out WireResponse? response), Is.EqualTo(response is not null));
        Assert.That(CookieChallenge.TryParse(bytes, out string? cookie), Is.EqualTo(cookie is not null));
        Assert.That(CompletionPayload.TryParse(bytes, out CompletionPayload? completion), Is.EqualTo(completion is not null));
        if (InitiationPayload.TryParse(bytes, out InitiationPayload? payload))
        {
            HandshakeResponder.Check(payload, "ctx", payload.Initiator, payload.Responder, payload.Timestamp);
        }

        using HandshakeInitiator initiator = new("did:a:1", "did:b:2", AgreementKey.PublicKey, TimeProvider.System);
        initiator.CreatePayload(new EphemeralKey(new byte[32]), new byte[32], "nonce");
        Assert.That(initiator.TryComplete(bytes, SigningKey, out _, out _, out _), Is.False);
    }

    private static readonly PublicKey SigningKey = PrivateKey.Generate(KeyAlgorithm.Ed25519).PublicKey;

    // Replaces what no JSON can carry and keeps the shortest limit.
    private static string Whole(string text)
    {
        string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return whole.Length <= 64 ? whole : new string(whole.Where(c => !char.IsSurrogate(c)).Take(64).Prepend('x').Take(64).ToArray());
    }
}
