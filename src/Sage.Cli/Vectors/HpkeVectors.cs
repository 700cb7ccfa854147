using System.Security.Cryptography;
using System.Text;
using Sage.Crypto;
using Sage.Session;

namespace Sage.Cli;

/// <summary><c>hpke.json</c>: the derivations of the handshake (SAGE profile P1 §4.2–4.5).</summary>
internal static class HpkeVectors
{
    private static readonly string[] TranscriptOrder = ["info", "export_context", "enc", "eph_c", "eph_s", "init_did", "resp_did"];

    public static VectorSuite Suite { get; } = new("hpke", new Dictionary<string, Action<VectorCase>>
    {
        ["info-and-export-context"] = CheckContexts,
        ["x25519-e2e-shared-secret"] = CheckAgreement,
        ["combine-secrets"] = CheckCombination,
        ["traffic-keys"] = CheckTrafficKeys,
        ["ack-tag"] = CheckAckTag,
        ["hpke-export-roundtrip"] = CheckExport,
    });

    private static void CheckContexts(VectorCase vector)
    {
        byte[] info = Info(vector);
        vector.Output.Expect("info", Encoding.UTF8.GetString(info));
        vector.Output.Expect("info_hex", info);
        vector.Output.Expect("info_sha256", SHA256.HashData(info));
        byte[] export = ExportContext(vector);
        vector.Output.Expect("export_context", Encoding.UTF8.GetString(export));
        vector.Output.Expect("export_context_hex", export);
        vector.Output.Expect("export_context_sha256", SHA256.HashData(export));
    }

    private static void CheckAgreement(VectorCase vector)
    {
        string initLabel = vector.Input.Text("init_label");
        string respLabel = vector.Input.Text("resp_label");
        vector.Output.Expect("init_private", VectorKeys.Raw(KeyAlgorithm.X25519, initLabel));
        vector.Output.Expect("resp_private", VectorKeys.Raw(KeyAlgorithm.X25519, respLabel));
        using PrivateKey initiator = VectorKeys.Import(KeyAlgorithm.X25519, initLabel);
        using PrivateKey responder = VectorKeys.Import(KeyAlgorithm.X25519, respLabel);
        vector.Output.Expect("init_public", initiator.PublicKey.Bytes);
        vector.Output.Expect("resp_public", responder.PublicKey.Bytes);
        byte[] secret = new byte[KeySchedule.KeySize];
        VectorCase.Require(initiator.TryAgree(responder.PublicKey, secret), "the initiator does not agree");
        vector.Output.Expect("shared_secret", secret);
        VectorCase.Require(responder.TryAgree(initiator.PublicKey, secret), "the responder does not agree");
        vector.Output.Expect("shared_secret", secret);
    }

    private static void CheckCombination(VectorCase vector)
    {
        byte[] export = ExportContext(vector);
        vector.Output.Expect("export_context_hex", export);
        byte[] seed = new byte[KeySchedule.KeySize];
        KeySchedule.Seed(Key(vector.Input, "exporter_hpke"), Key(vector.Input, "ss_e2e"), export, seed);
        vector.Output.Expect("seed", seed);
    }

    private static void CheckTrafficKeys(VectorCase vector)
    {
        byte[] seed = Key(vector.Input, "seed");
        foreach ((string name, string label, int size) in new[]
        {
            ("c2s_key", "SAGE-c2s:key", 32),
            ("c2s_iv", "SAGE-c2s:iv", 12),
            ("s2c_key", "SAGE-s2c:key", 32),
            ("s2c_iv", "SAGE-s2c:iv", 12),
            ("channel_binding", "SAGE-cb-v1", 32),
        })
        {
            byte[] key = new byte[size];
            KeySchedule.CounterExpand(seed, Encoding.ASCII.GetBytes(label), key);
            vector.Output.Expect(name, key);
        }
    }

    private static void CheckAckTag(VectorCase vector)
    {
        VectorObject input = vector.Input;
        byte[] transcript = new byte[SHA256.HashSizeInBytes];
        KeySchedule.TranscriptHash(
            Info(vector), ExportContext(vector), Key(input, "enc"), Key(input, "eph_c"), Key(input, "eph_s"),
            input.Text("init_did"), input.Text("resp_did"), transcript);
        byte[] tag = new byte[SHA256.HashSizeInBytes];
        KeySchedule.AckTag(Key(input, "seed"), input.Text("context_id"), input.Text("nonce"), input.Text("kid"), transcript, tag);
        vector.Output.Expect("ack_tag", tag);
        vector.Output.Expect("binds_order", TranscriptOrder);
    }

    private static void CheckExport(VectorCase vector)
    {
        using PrivateKey responder = VectorKeys.Import(KeyAlgorithm.X25519, vector.Input.Text("resp_label"));
        vector.Output.Expect("resp_public", responder.PublicKey.Bytes);
        using HpkeRecipient recipient = HpkeRecipient.TryCreate(responder, Key(vector.Output, "enc"), Info(vector), HpkeAead.ChaCha20Poly1305)
            ?? throw new VectorMismatchException("output.enc cannot be opened");
        byte[] exporter = new byte[KeySchedule.KeySize];
        recipient.Export(ExportContext(vector), exporter);
        vector.Output.Expect("exporter", exporter);
    }

    private static byte[] Info(VectorCase vector)
    {
        VectorObject input = vector.Input;
        string initiator = input.Text("init_did");
        string responder = input.Text("resp_did");
        string context = input.Text("context_id");
        byte[] buffer = new byte[KeySchedule.MaxContextText + Encoding.UTF8.GetByteCount(initiator + responder + context)];
        return KeySchedule.Info(context, initiator, responder, buffer).ToArray();
    }

    private static byte[] ExportContext(VectorCase vector)
    {
        string context = vector.Input.Text("context_id");
        return KeySchedule.ExportContext(context, new byte[KeySchedule.MaxContextText + Encoding.UTF8.GetByteCount(context)]).ToArray();
    }

    private static byte[] Key(VectorObject members, string name)
    {
        byte[] key = members.Bytes(name);
        return key.Length == KeySchedule.KeySize ? key : throw new VectorMismatchException($"{name} is not {KeySchedule.KeySize} bytes");
    }
}
