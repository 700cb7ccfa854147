using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sage.Crypto;

namespace Sage.Did.Tests.Properties;

[TestFixture]
internal sealed class DidProperties
{
    [FsCheck.NUnit.Property]
    public void Arbitrary_text_is_a_DID_or_is_refused_but_never_throws(string? text)
    {
        if (AgentDid.TryParse(text, out AgentDid did))
        {
            Assert.That(did.Value, Is.EqualTo(text));
        }

        _ = DidUrl.TryParse(text, out _);
        _ = SageDid.TryParse(text, out _);
        _ = SageDid.TryParseChain(text, out _);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Nearly)])]
    public void Text_that_is_nearly_a_DID_reads_the_same_or_is_refused(NearlyDid nearly)
    {
        if (DidUrl.TryParse(nearly.Text, out DidUrl url))
        {
            Assert.That(url.ToString(), Is.EqualTo(nearly.Text));
            Assert.That(AgentDid.TryParse(url.Did.Value, out AgentDid did) && did == url.Did);
        }

        if (SageDid.TryParse(nearly.Text, out SageDid? sage))
        {
            Assert.That(nearly.Text, Does.StartWith("did:sage:").And.EndWith(":" + sage.Identifier));
            Assert.That(nearly.Text.AsSpan().IndexOfAny("|#\"% "), Is.Negative);
        }
    }

    [FsCheck.NUnit.Property]
    public void Arbitrary_bytes_are_a_record_or_are_refused_but_never_throw(byte[] bytes)
    {
        _ = AgentRecord.TryParse(bytes, out _);
        _ = AgentCardProof.Verify(bytes);
        _ = RegistryFile.TryParse(bytes, null);
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void A_record_survives_writing_and_reading(
        NonNull<string> name, NonNull<string> description, NonNull<string> endpoint, byte[] keyData, byte[] signature, bool verified, bool active,
        NonNegativeInt version, int type)
    {
        AgentRecord record = new()
        {
            Did = AgentDid.Parse("did:sage:ethereum:property"),
            Name = Clean(name.Get, 256),
            Description = Clean(description.Get, 4096),
            Endpoint = Clean(endpoint.Get, 2048),
            Keys = [new RecordKey { Type = (RecordKeyType)type, KeyData = Cut(keyData), Signature = Cut(signature), Verified = verified, CreatedAt = "2026-09-01T12:00:00.123456789Z" }],
            Revoked = [Cut(signature)],
            IsActive = active,
            PublicKemKey = Cut(keyData),
            Version = version.Get,
            Capabilities = """{"a":[1,"x",{"b":null}]}""",
            UpdatedAt = "2026-09-01T12:00:00+02:00",
        };
        Assert.That(AgentRecord.TryParse(record.ToJson(), out AgentRecord? read));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read!.ToJson(), Is.EqualTo(record.ToJson()));
            Assert.That((read with { }).ToJson(), Is.EqualTo(record.ToJson()), "generated again from what was read");
            Assert.That((read.Name, read.Description, read.Endpoint, read.IsActive, read.Version), Is.EqualTo((record.Name, record.Description, record.Endpoint, active, (long)version.Get)));
            Assert.That(read.Keys[0].KeyData.ToArray(), Is.EqualTo(record.Keys[0].KeyData.ToArray()));
            Assert.That((read.IsValid, read.SigningKeys.Count), Is.EqualTo((record.IsValid, record.SigningKeys.Count)));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 50)]
    public void A_record_changed_in_one_byte_never_shows_a_key_that_was_not_proven(PositiveInt position, byte mask)
    {
        byte[] json = [.. Honest.Json];
        json[position.Get % json.Length] ^= mask == 0 ? (byte)1 : mask;
        if (AgentRecord.TryParse(json, out AgentRecord? record) && record.HandshakeSigningKey is { } key)
        {
            Assert.That(key, Is.EqualTo(Honest.Key));
            Assert.That(record.Did, Is.EqualTo(Honest.Did));
        }
    }

    private static byte[] Cut(byte[] bytes) => bytes.Length > 256 ? bytes[..256] : bytes;

    // JSON cannot carry lone surrogates.
    private static string Clean(string text, int maximum) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length > maximum / 3 ? text[..(maximum / 3)] : text));

    private static class Honest
    {
        static Honest()
        {
            using TestAgent agent = new();
            Json = agent.Record().ToJson();
            Key = agent.Signer.PublicKey;
            Did = agent.Did;
        }

        public static byte[] Json { get; }

        public static PublicKey Key { get; }

        public static AgentDid Did { get; }
    }

    internal sealed record NearlyDid(string Text);

    internal static class Nearly
    {
        public static Arbitrary<NearlyDid> Dids() => Gen.Elements(
                "did:", "sage:", "key:", "eth:", "ethereum:", "eip155:", "1:", "0x1111111111111111111111111111111111111111", ":", "a", "~", "%41", "%", "|", "#", "key-1", "/", "?", " ", "é", "\"")
            .ListOf().Select(parts => new NearlyDid("did:sage:" + string.Concat(parts))).ToArbitrary();
    }
}
