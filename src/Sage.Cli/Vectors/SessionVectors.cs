using System.Buffers.Binary;
using System.Text;
using Sage.Session;

namespace Sage.Cli;

/// <summary><c>session.json</c>: session seed and id, and records (SAGE profile P1 §5.1–5.3).</summary>
internal static class SessionVectors
{
    public static VectorSuite Suite { get; } = new("session", new Dictionary<string, Action<VectorCase>>
    {
        ["seed-and-id"] = CheckSeed,
        ["encrypt-decrypt"] = CheckShared,
        ["directional-with-aad"] = CheckDirectional,
    });

    private static void CheckSeed(VectorCase vector)
    {
        byte[] seed = Seed(vector);
        vector.Output.Expect("seed", seed);
        byte[] sessionId = new byte[KeySchedule.SessionIdSize];
        KeySchedule.SessionId(seed, sessionId);
        vector.Output.Expect("session_id", Encoding.ASCII.GetString(sessionId));
    }

    private static void CheckShared(VectorCase vector)
    {
        VectorCase.Require(vector.Input.Integer("rekey_interval") == (long)RecordKeys.RekeyInterval, "input.rekey_interval is not the profile's");
        using SessionCipher receiver = SessionCipher.CreateShared(Seed(vector), TimeProvider.System);
        byte[] first = vector.Output.Bytes("seq0");
        Open(vector, receiver, first, "seq0", []);
        vector.Output.Expect("seq0_header", first.AsSpan(0, SessionCipher.HeaderSize));
        byte[] second = vector.Output.Bytes("seq256");
        Open(vector, receiver, second, "seq256", []);
        vector.Output.Expect("seq256_seq", BinaryPrimitives.ReadInt64BigEndian(second));
    }

    private static void CheckDirectional(VectorCase vector)
    {
        // Both records are of generation 0, where an interval of 0 and the profile's 256 give the same key.
        VectorCase.Require(vector.Input.Integer("rekey_interval") == 0, "input.rekey_interval is not 0");
        using SessionCipher responder = SessionCipher.Create(Seed(vector), isInitiator: false, TimeProvider.System);
        Open(vector, responder, vector.Output.Bytes("c2s"), "c2s", []);
        Open(vector, responder, vector.Output.Bytes("with_aad"), "with_aad", Encoding.UTF8.GetBytes(vector.Output.Text("aad")));
    }

    private static void Open(VectorCase vector, SessionCipher receiver, byte[] record, string name, byte[] aad)
    {
        byte[] plaintext = new byte[Math.Max(record.Length - SessionCipher.Overhead, 0)];
        RecordResult result = receiver.TryOpen(record, aad, plaintext, out int written);
        VectorCase.Require(result == RecordResult.Opened, $"output.{name} does not open: {result}");
        vector.Input.Expect("plaintext", Encoding.UTF8.GetString(plaintext, 0, written));
        VectorCase.Require(receiver.TryOpen(record, aad, plaintext, out _) == RecordResult.Replayed, $"output.{name} opens twice");
    }

    private static byte[] Seed(VectorCase vector)
    {
        VectorCase.Require(vector.Input.Text("label") == "sage/hpke+e2e v1", "input.label is not the handshake's");
        byte[] seed = new byte[KeySchedule.KeySize];
        KeySchedule.SaltedSeed(
            vector.Input.Bytes("shared_secret"), vector.Input.Text("context_id"), vector.Input.Bytes("eph_a"), vector.Input.Bytes("eph_b"), seed);
        return seed;
    }
}
