using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto;

namespace Sage.Did.Tests.Unit.Registry;

/// <summary>What records from outside are worth.</summary>
[TestFixture]
internal sealed class AgentRecordTests
{
    private TestAgent agent = null!;

    [SetUp]
    public void SetUp() => agent = new TestAgent();

    [TearDown]
    public void TearDown() => agent.Dispose();

    [Test]
    public void An_honest_record_gives_its_keys()
    {
        AgentRecord record = Read(Json());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.IsValid);
            Assert.That(record.SigningKeys, Is.EqualTo(new[] { new UsableKey(1, agent.Signer.PublicKey) }));
            Assert.That(record.HandshakeSigningKey, Is.EqualTo(agent.Signer.PublicKey));
            Assert.That(record.KeyAgreementKey, Is.EqualTo(agent.Agreement));
            Assert.That(record.FindSigningKey("key-1"), Is.EqualTo(agent.Signer.PublicKey));
            Assert.That((record.Version, record.Revoked.Count, record.OwnerProof), Is.EqualTo((0L, 0, (OwnerProof?)null)));
            Assert.That(record.CreatedAt, Is.EqualTo("2026-09-01T12:00:00.123456789Z"));
        }
    }

    [TestCase("key-0")]
    [TestCase("key-01")]
    [TestCase("key-2")]
    [TestCase("KEY-1")]
    [TestCase("key-")]
    [TestCase("kem")]
    [TestCase("")]
    [TestCase("1")]
    public void A_fragment_that_names_no_signing_key_finds_none(string fragment) =>
        Assert.That(Read(Json()).FindSigningKey(fragment), Is.Null);

    [Test]
    public void The_first_secp256k1_key_goes_before_any_Ed25519_key()
    {
        KeySigner first = agent.NewSigner(KeyAlgorithm.Secp256k1);
        KeySigner second = agent.NewSigner(KeyAlgorithm.Secp256k1);
        AgentRecord record = agent.Record() with { Keys = [agent.Entry(agent.Signer), agent.Entry(first), agent.Entry(second)] };
        Assert.That(record.HandshakeSigningKey, Is.EqualTo(first.PublicKey));
        Assert.That(record.FindSigningKey("key-3"), Is.EqualTo(second.PublicKey));
    }

    [TestCase(33)]
    [TestCase(64)]
    [TestCase(65)]
    public void A_secp256k1_key_counts_in_each_encoding_with_its_own_challenge(int size)
    {
        PrivateKey key = agent.New(KeyAlgorithm.Secp256k1);
        byte[] full = key.PublicKey.Export();
        byte[] data = size switch
        {
            33 => [(byte)(2 + (full[64] & 1)), .. full[1..33]],
            64 => full[1..],
            _ => full,
        };
        AgentRecord record = agent.Record() with { Keys = [Proven(key, data)] };
        Assert.That(record.HandshakeSigningKey, Is.EqualTo(key.PublicKey));

        RecordKey otherChallenge = new() { Type = RecordKeyType.Secp256k1, KeyData = data, Signature = Proven(key, size == 65 ? full[1..] : full).Signature, Verified = true };
        Assert.That((agent.Record() with { Keys = [otherChallenge] }).HandshakeSigningKey, Is.Null);
    }

    [Test]
    public void A_proof_with_a_high_s_is_refused()
    {
        PrivateKey key = agent.New(KeyAlgorithm.Secp256k1);
        RecordKey honest = Proven(key, key.PublicKey.Export());
        byte[] high = honest.Signature.ToArray();
        System.Numerics.BigInteger order = System.Numerics.BigInteger.Parse(
            "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        System.Numerics.BigInteger s = order - new System.Numerics.BigInteger(high.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        byte[] bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        high.AsSpan(32, 32).Clear();
        bytes.CopyTo(high.AsSpan(64 - bytes.Length));
        high[64] ^= 1;
        RecordKey changed = new() { Type = honest.Type, KeyData = honest.KeyData, Signature = high, Verified = true };

        Assert.That((agent.Record() with { Keys = [honest] }).HandshakeSigningKey, Is.EqualTo(key.PublicKey));
        Assert.That((agent.Record() with { Keys = [changed] }).HandshakeSigningKey, Is.Null);
    }

    [Test]
    public async Task A_key_without_a_proof_for_this_DID_signs_nothing_and_takes_the_agreement_key_with_it()
    {
        RecordKey honest = agent.Entry(agent.Signer);
        byte[] broken = honest.Signature.ToArray();
        broken[20] ^= 1;
        RecordKey borrowed = await RecordKey.CreateSigningKeyAsync(agent.Signer, AgentDid.Parse("did:sage:ethereum:other"), TestAgent.Born);
        foreach (RecordKey key in new[] { borrowed, With(honest, signature: broken), With(honest, signature: []), With(honest, verified: false) })
        {
            AgentRecord record = agent.Record() with { Keys = [key] };
            Assert.That((record.IsValid, record.SigningKeys.Count, record.HandshakeSigningKey, record.KeyAgreementKey), Is.EqualTo((true, 0, (PublicKey?)null, (PublicKey?)null)));
        }
    }

    [Test]
    public void An_inactive_record_gives_no_key()
    {
        AgentRecord record = agent.Record() with { IsActive = false };
        Assert.That((record.SigningKeys.Count, record.KeyAgreementKey, record.FindSigningKey("key-1")), Is.EqualTo((0, (PublicKey?)null, (PublicKey?)null)));
    }

    [Test]
    public void A_revoked_key_verifies_nothing_in_whatever_encoding_it_is_listed()
    {
        PrivateKey key = agent.New(KeyAlgorithm.Secp256k1);
        byte[] full = key.PublicKey.Export();
        byte[] compressed = [(byte)(2 + (full[64] & 1)), .. full[1..33]];
        AgentRecord record = agent.Record() with { Keys = [Proven(key, compressed), agent.Entry(agent.Signer)], Revoked = [full] };
        Assert.That(record.SigningKeys.Select(usable => usable.Index), Is.EqualTo(new[] { 2 }));

        byte[] flipped = agent.Agreement.Export();
        flipped[31] ^= 0x80;
        Assert.That((agent.Record() with { Revoked = [flipped] }).KeyAgreementKey, Is.Null);
    }

    [Test]
    public void The_first_verified_X25519_key_serves_when_the_record_has_no_agreement_key_of_its_own()
    {
        PublicKey listed = agent.New(KeyAlgorithm.X25519).PublicKey;
        RecordKey entry = RecordKey.CreateAgreementKey(listed, TestAgent.Born);
        RecordKey unverified = With(RecordKey.CreateAgreementKey(agent.New(KeyAlgorithm.X25519).PublicKey, TestAgent.Born), verified: false);
        AgentRecord record = agent.Record() with { Keys = [unverified, entry, agent.Entry(agent.Signer)] };
        Assert.That(record.KeyAgreementKey, Is.EqualTo(agent.Agreement));
        Assert.That((record with { PublicKemKey = default }).KeyAgreementKey, Is.EqualTo(listed));
    }

    [Test]
    public void A_malformed_key_that_claims_to_be_verified_makes_the_whole_record_invalid()
    {
        RecordKey honest = agent.Entry(agent.Signer);
        byte[] lowOrder = new byte[32];
        lowOrder[0] = 1;
        (RecordKeyType Type, byte[] Data)[] malformed =
        [
            (RecordKeyType.Ed25519, []),
            (RecordKeyType.Ed25519, new byte[31]),
            (RecordKeyType.Ed25519, lowOrder),
            (RecordKeyType.X25519, lowOrder),
            (RecordKeyType.X25519, new byte[33]),
            (RecordKeyType.Secp256k1, new byte[65]),
            (RecordKeyType.Secp256k1, honest.KeyData.ToArray()),
        ];
        foreach ((RecordKeyType type, byte[] data) in malformed)
        {
            RecordKey key = new() { Type = type, KeyData = data, Signature = honest.Signature, Verified = true };
            AgentRecord record = agent.Record() with { Keys = [honest, key] };
            Assert.That((record.IsValid, record.SigningKeys.Count), Is.EqualTo((false, 0)), $"{type} {data.Length}");
            Assert.That(DidResolution.FromRecord(agent.Did, record, "test", TestAgent.Born).Status, Is.EqualTo(DidResolutionStatus.Invalid));
            Assert.That((agent.Record() with { Keys = [honest, With(key, verified: false)] }).SigningKeys, Has.Count.EqualTo(1));
        }

        Assert.That((agent.Record() with { PublicKemKey = lowOrder }).IsValid, Is.False);
        Assert.That((agent.Record() with { PublicKemKey = new byte[31] }).IsValid, Is.False);
    }

    [Test]
    public void A_key_of_an_unknown_type_is_ignored_and_keeps_its_number()
    {
        JsonObject json = Json();
        json["keys"]!.AsArray().Insert(0, JsonNode.Parse("""{"type":3,"key_data":"not base64!","signature":null,"verified":true,"x":1}"""));
        AgentRecord record = Read(json);
        Assert.That(record.SigningKeys.Single().Index, Is.EqualTo(2));
        Assert.That(record.FindSigningKey("key-2"), Is.EqualTo(agent.Signer.PublicKey));
    }

    [Test]
    public void An_owners_proof_that_is_not_the_owners_makes_the_record_invalid()
    {
        using TestAgent stranger = new();
        AgentRecord good = agent.Signed(null, agent.Record(), "register");
        byte[] broken = good.OwnerProof!.Signature.ToArray();
        broken[0] ^= 1;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.IsValid);
            Assert.That(agent.Signed(null, agent.Record(), "register", stranger.Owner).IsValid, Is.False);
            Assert.That((good with { Endpoint = "https://evil.example" }).IsValid, Is.False);
            Assert.That((good with { Version = 2 }).IsValid, Is.False);
            Assert.That((good with { IsActive = false }).IsValid, Is.False);
            Assert.That((good with { OwnerProof = new OwnerProof("update", "", good.OwnerProof.Signature) }).IsValid, Is.False);
            Assert.That((good with { OwnerProof = new OwnerProof("register", new string('a', 64), good.OwnerProof.Signature) }).IsValid, Is.False);
            Assert.That((good with { OwnerProof = new OwnerProof("register", "", broken) }).IsValid, Is.False);
            Assert.That((good with { OwnerProof = new OwnerProof("register", "", good.OwnerProof.Signature[..64]) }).IsValid, Is.False);
            Assert.That((good with { OwnerProof = null }).IsValid, "without a proof the source is what is trusted");
        }
    }

    [Test]
    public void The_owners_proof_covers_members_this_version_does_not_know()
    {
        JsonObject json = Json();
        json["x_other"] = "kept";
        AgentRecord signed = agent.Signed(null, Read(json), "register");
        JsonObject again = JsonNode.Parse(signed.ToJson())!.AsObject();
        Assert.That(Read(again).IsValid);
        Assert.That(again["x_other"]!.GetValue<string>(), Is.EqualTo("kept"));
        again["x_other"] = "changed";
        Assert.That(Read(again).IsValid, Is.False);
    }

    [Test]
    public void What_is_not_a_record_is_refused()
    {
        (string Path, string? Value)[] changes =
        [
            ("did", null), ("did", "1"), ("did", "\"did:sage\""), ("did", "\"\""), ("did", $"\"did:sage:eth:{new string('x', 250)}\""),
            ("name", "1"), ("name", $"\"{new string('x', 257)}\""), ("description", "[]"), ("description", $"\"{new string('x', 4097)}\""),
            ("endpoint", "{}"), ("endpoint", $"\"{new string('x', 2049)}\""), ("owner", "0"),
            ("keys", "{}"), ("keys", "[1]"), ("keys", "[{}]"), ("keys", """[{"type":"1"}]"""), ("keys", """[{"type":1.5}]"""),
            ("keys", """[{"type":99999999999}]"""), ("keys", """[{"type":1,"verified":true,"key_data":"AA"}]"""),
            ("keys", """[{"type":1,"verified":true,"key_data":"AA=="," signature":1,"signature":"A"}]"""),
            ("keys", """[{"type":1,"verified":"true"}]"""), ("keys", """[{"type":1,"created_at":"now"}]"""),
            ("keys", $"[{string.Join(',', Enumerable.Repeat("""{"type":9}""", 33))}]"),
            ("capabilities", "[]"), ("capabilities", "\"{}\""), ("is_active", "1"), ("is_active", "\"true\""),
            ("public_kem_key", "1"), ("public_kem_key", "\"AA\""), ("public_kem_key", "\"AA==\\n\""),
            ("created_at", "\"yesterday\""), ("updated_at", "1"),
            ("version", "-1"), ("version", "1.5"), ("version", "\"1\""), ("version", "9007199254740992"), ("version", "1e400"),
            ("revoked", "{}"), ("revoked", "[1]"), ("revoked", "[\"AA\"]"), ("revoked", $"[{string.Join(',', Enumerable.Repeat("\"AA==\"", 129))}]"),
            ("owner_proof", "1"), ("owner_proof", "{}"), ("owner_proof", """{"op":"rename","previous":"","signature":"AA=="}"""),
            ("owner_proof", """{"op":"update","previous":"xyz","signature":"AA=="}"""), ("owner_proof", """{"op":"update","previous":"","signature":"A"}"""),
            ("owner_proof", """{"op":"update","previous":1,"signature":"AA=="}"""),
            ("x", $"\"{new string('x', 66_000)}\""), ("x", "\"\\ud800\""), ("x", string.Concat(Enumerable.Repeat("[", 70)) + string.Concat(Enumerable.Repeat("]", 70))),
        ];
        foreach ((string path, string? value) in changes)
        {
            Assert.That(AgentRecord.TryParse(Encoding.UTF8.GetBytes(Changed(path, value)), out _), Is.False, $"{path} {value?[..Math.Min(60, value.Length)]}");
        }

        string honest = Json().ToJsonString();
        Assert.That(AgentRecord.TryParse(Encoding.UTF8.GetBytes(honest), out _));
        foreach (string text in new[] { "", "null", "[]", "1", honest + "x", honest[..^1], "\ufeff" + honest, honest.Insert(1, "\"did\":\"did:sage:eth:a\",") })
        {
            Assert.That(AgentRecord.TryParse(Encoding.UTF8.GetBytes(text), out _), Is.False);
        }
    }

    [Test]
    public void Members_may_be_missing_or_null_as_other_implementations_leave_them()
    {
        Assert.That(AgentRecord.TryParse(Encoding.UTF8.GetBytes($$"""{"did":"{{agent.Did}}"}"""), out AgentRecord? bare));
        Assert.That((bare!.IsActive, bare.IsValid, bare.Keys.Count, bare.Capabilities), Is.EqualTo((false, true, 0, "{}")));
        string nulls = string.Join(',', new[] { "name", "keys", "capabilities", "public_kem_key", "created_at", "version", "revoked", "owner_proof" }.Select(name => $"\"{name}\":null"));
        Assert.That(AgentRecord.TryParse(Encoding.UTF8.GetBytes($$"""{"did":"{{agent.Did}}","is_active":true,{{nulls}}}"""), out AgentRecord? sparse));
        Assert.That((sparse!.IsActive, sparse.IsValid, sparse.Name, sparse.CreatedAt), Is.EqualTo((true, true, "", (string?)null)));
    }

    [Test]
    public void A_record_is_written_as_it_was_read()
    {
        byte[] odd = Encoding.UTF8.GetBytes(" " + Json().ToJsonString().Replace("\"name\"", "\"x\" : [1.0, \"\\u0041\"],  \"n\\u0061me\"", StringComparison.Ordinal) + "\n");
        Assert.That(AgentRecord.TryParse(odd, out AgentRecord? record));
        Assert.That(record!.ToJson(), Is.EqualTo(odd));
    }

    [Test]
    public void A_changed_record_keeps_what_it_does_not_know()
    {
        JsonObject json = Json();
        json["x"] = JsonNode.Parse("""{"deep":[1,2,{"a":null}]}""");
        json["keys"]![0]!["label"] = "first";
        JsonObject changed = JsonNode.Parse((Read(json) with { Name = "other" }).ToJson())!.AsObject();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonNode.DeepEquals(changed["x"], json["x"]));
            Assert.That(JsonNode.DeepEquals(changed["keys"], json["keys"]));
            Assert.That(changed["name"]!.GetValue<string>(), Is.EqualTo("other"));
        }
    }

    [Test]
    public void A_changed_record_is_judged_anew()
    {
        AgentRecord record = agent.Record();
        Assert.That(record.SigningKeys, Has.Count.EqualTo(1));
        Assert.That((record with { IsActive = false }).SigningKeys, Is.Empty);
        Assert.That(record with { Name = "x" }, Is.Not.EqualTo(record));
        Assert.That(record with { }, Is.EqualTo(record));
    }

    [Test]
    public void What_a_caller_does_to_its_arrays_later_changes_nothing()
    {
        byte[] data = agent.Signer.PublicKey.Export();
        List<RecordKey> keys = [With(agent.Entry(agent.Signer), data: data)];
        AgentRecord record = agent.Record() with { Keys = keys };
        data[0] ^= 1;
        keys.Clear();
        Assert.That(record.HandshakeSigningKey, Is.EqualTo(agent.Signer.PublicKey));
    }

    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("")]
    public void Capabilities_are_a_JSON_object(string text) =>
        Assert.That(() => agent.Record() with { Capabilities = text }, Throws.ArgumentException);

    [Test]
    public void The_checks_of_a_record_are_made_once()
    {
        AgentRecord record = Read(Json());
        IReadOnlyList<UsableKey> first = record.SigningKeys;
        Assert.That(record.SigningKeys, Is.SameAs(first));
        Assert.That(record.HandshakeSigningKey, Is.SameAs(first[0].Key));
    }

    private static RecordKey With(RecordKey key, byte[]? data = null, byte[]? signature = null, bool? verified = null) => new()
    {
        Type = key.Type,
        KeyData = data ?? key.KeyData,
        Signature = signature ?? key.Signature,
        Verified = verified ?? key.Verified,
    };

    private RecordKey Proven(PrivateKey key, byte[] data)
    {
        byte[] proof = new byte[65];
        key.SignDigest(SHA256.HashData(Encoding.ASCII.GetBytes($"SAGE-PoP:{agent.Did}:{Convert.ToHexStringLower(data)}")), proof);
        return new RecordKey { Type = RecordKeyType.Secp256k1, KeyData = data, Signature = proof, Verified = true };
    }

    private JsonObject Json() => JsonNode.Parse(agent.Record().ToJson())!.AsObject();

    private static AgentRecord Read(JsonObject json) =>
        AgentRecord.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out AgentRecord? record) ? record : throw new AssertionException("not a record");

    /// <summary>The honest record with one member replaced by raw JSON, or left out.</summary>
    private string Changed(string name, string? value)
    {
        JsonObject json = Json();
        json.Remove(name);
        string text = json.ToJsonString();
        return value is null ? text : text.Insert(1, $"\"{name}\":{value},");
    }
}
