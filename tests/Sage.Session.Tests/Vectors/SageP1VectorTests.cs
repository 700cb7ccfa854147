using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Crypto.Internal;
using Sage.Tests;

namespace Sage.Session.Tests.Vectors;

/// <summary>Every vector of session.json and hpke.json, read from the conformance data.</summary>
internal sealed class SageP1VectorTests
{
    private static readonly string[] Files = ["hpke.json", "session.json"];

    [TestCaseSource(nameof(Files))]
    public void Every_vector_holds(string file)
    {
        using JsonDocument document = ConformanceData.Json("sage-p1", file);
        Assert.That(document.RootElement.GetProperty("spec_version").GetString(), Is.EqualTo("1.0.0-draft.1"));
        List<string> checkedNames = [];
        foreach (JsonElement vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string name = vector.GetProperty("name").GetString()!;
            Check(name, new Reader(vector.GetProperty("input")), new Reader(vector.GetProperty("output")));
            checkedNames.Add(name);
        }

        Assert.That(checkedNames, Has.Count.EqualTo(file == "hpke.json" ? 6 : 3));
    }

    private static void Check(string name, Reader input, Reader output)
    {
        switch (name)
        {
            case "info-and-export-context":
                string info = Encoding.UTF8.GetString(Info(input));
                string export = Encoding.UTF8.GetString(Export(input));
                Assert.That(info, Is.EqualTo(output.Text("info")), name);
                Assert.That(export, Is.EqualTo(output.Text("export_context")), name);
                Assert.That(SHA256.HashData(Info(input)), Is.EqualTo(output.Hex("info_sha256")), name);
                Assert.That(SHA256.HashData(Export(input)), Is.EqualTo(output.Hex("export_context_sha256")), name);
                break;
            case "x25519-e2e-shared-secret":
                CheckAgreement(input, output);
                break;
            case "combine-secrets":
                byte[] seed = new byte[32];
                KeySchedule.Seed(input.Hex("exporter_hpke"), input.Hex("ss_e2e"), Export(input), seed);
                Assert.That(seed, Is.EqualTo(output.Hex("seed")), name);
                break;
            case "traffic-keys":
                CheckExpansion(input, output, "SAGE-c2s:key", "c2s_key");
                CheckExpansion(input, output, "SAGE-c2s:iv", "c2s_iv");
                CheckExpansion(input, output, "SAGE-s2c:key", "s2c_key");
                CheckExpansion(input, output, "SAGE-s2c:iv", "s2c_iv");
                CheckExpansion(input, output, "SAGE-cb-v1", "channel_binding");
                break;
            case "ack-tag":
                byte[] hash = new byte[32];
                byte[] tag = new byte[32];
                KeySchedule.TranscriptHash(
                    Info(input), Export(input), input.Hex("enc"), input.Hex("eph_c"), input.Hex("eph_s"), input.Text("init_did"), input.Text("resp_did"), hash);
                KeySchedule.AckTag(input.Hex("seed"), input.Text("context_id"), input.Text("nonce"), input.Text("kid"), hash, tag);
                Assert.That(tag, Is.EqualTo(output.Hex("ack_tag")), name);
                break;
            case "hpke-export-roundtrip":
                CheckExporter(input, output);
                break;
            case "seed-and-id":
                byte[] id = new byte[KeySchedule.SessionIdSize];
                KeySchedule.SessionId(SaltedSeed(input), id);
                Assert.That(SaltedSeed(input), Is.EqualTo(output.Hex("seed")), name);
                Assert.That(Encoding.ASCII.GetString(id), Is.EqualTo(output.Text("session_id")), name);
                break;
            case "encrypt-decrypt":
                using (SessionCipher cipher = SessionCipher.CreateShared(SaltedSeed(input), TimeProvider.System))
                {
                    Assert.That(output.Hex("seq0")[..20], Is.EqualTo(output.Hex("seq0_header")));
                    Assert.That(Open(cipher, output.Hex("seq0"), ""), Is.EqualTo(input.Text("plaintext")));
                    Assert.That(Open(cipher, output.Hex("seq256"), ""), Is.EqualTo(input.Text("plaintext")));
                }

                break;
            case "directional-with-aad":
                using (SessionCipher cipher = SessionCipher.Create(SaltedSeed(input), isInitiator: false, TimeProvider.System))
                {
                    Assert.That(Open(cipher, output.Hex("c2s"), ""), Is.EqualTo(input.Text("plaintext")));
                    Assert.That(Open(cipher, output.Hex("with_aad"), output.Text("aad")), Is.EqualTo(input.Text("plaintext")));
                }

                break;
            default:
                Assert.Fail($"There is no check for the vector {name}.");
                break;
        }
    }

    private static void CheckAgreement(Reader input, Reader output)
    {
        using EphemeralKey first = new(SHA256.HashData(Encoding.UTF8.GetBytes(input.Text("init_label"))));
        using EphemeralKey second = new(SHA256.HashData(Encoding.UTF8.GetBytes(input.Text("resp_label"))));
        byte[] secret = new byte[32];
        Assert.That(first.PublicKey.ToArray(), Is.EqualTo(output.Hex("init_public")));
        Assert.That(second.PublicKey.ToArray(), Is.EqualTo(output.Hex("resp_public")));
        Assert.That(first.TryAgree(second.PublicKey, secret), Is.True);
        Assert.That(secret, Is.EqualTo(output.Hex("shared_secret")));
        Assert.That(second.TryAgree(first.PublicKey, secret), Is.True);
        Assert.That(secret, Is.EqualTo(output.Hex("shared_secret")));
    }

    private static void CheckExporter(Reader input, Reader output)
    {
        using PrivateKey key = PrivateKey.Import(KeyAlgorithm.X25519, SHA256.HashData(Encoding.UTF8.GetBytes(input.Text("resp_label"))));
        Assert.That(key.PublicKey.Export(), Is.EqualTo(output.Hex("resp_public")));
        using HpkeRecipient? recipient = HpkeRecipient.TryCreate(key, output.Hex("enc"), Info(input), HpkeAead.ChaCha20Poly1305);
        byte[] exporter = new byte[32];
        recipient!.Export(Export(input), exporter);
        Assert.That(exporter, Is.EqualTo(output.Hex("exporter")));
    }

    private static void CheckExpansion(Reader input, Reader output, string label, string name)
    {
        byte[] expected = output.Hex(name);
        byte[] actual = new byte[expected.Length];
        KeySchedule.CounterExpand(input.Hex("seed"), Encoding.ASCII.GetBytes(label), actual);
        Assert.That(actual, Is.EqualTo(expected), label);
    }

    private static byte[] SaltedSeed(Reader input)
    {
        Assert.That(input.Text("label"), Is.EqualTo("sage/hpke+e2e v1"));
        byte[] seed = new byte[32];
        KeySchedule.SaltedSeed(input.Hex("shared_secret"), input.Text("context_id"), input.Hex("eph_a"), input.Hex("eph_b"), seed);
        return seed;
    }

    private static byte[] Info(Reader input) => KeySchedule
        .Info(input.Text("context_id"), input.Text("init_did"), input.Text("resp_did"), new byte[KeySchedule.MaxContextText]).ToArray();

    private static byte[] Export(Reader input) => KeySchedule.ExportContext(input.Text("context_id"), new byte[KeySchedule.MaxContextText]).ToArray();

    private static string? Open(SessionCipher cipher, byte[] record, string aad)
    {
        byte[] plaintext = new byte[record.Length - SessionCipher.Overhead];
        return cipher.TryOpen(record, Encoding.UTF8.GetBytes(aad), plaintext, out _) == RecordResult.Opened ? Encoding.UTF8.GetString(plaintext) : null;
    }

    private readonly struct Reader(JsonElement element)
    {
        public string Text(string name) => element.GetProperty(name).GetString()!;

        public byte[] Hex(string name) => Convert.FromHexString(Text(name));
    }
}
