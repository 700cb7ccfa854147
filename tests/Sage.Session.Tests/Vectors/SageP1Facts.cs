using System.Text;

namespace Sage.Session.Tests.Vectors;

/// <summary>The SAGE P1 vectors of the handshake and the session, as plain facts.</summary>
internal sealed class SageP1Facts
{
    private const string Context = "ctx-7d2f0c1e-4b8a-4f5e-9c3d-1a2b3c4d5e6f";
    private const string Initiator = "did:sage:ethereum:0x1111111111111111111111111111111111111111";
    private const string Responder = "did:sage:ethereum:0x2222222222222222222222222222222222222222";
    private const string EphemeralA = "af050e4773e1617586f1e07f7556c769863e14531c1948c3b55ee64a575d7c98";
    private const string EphemeralB = "89a26d9b344558ee06fde0efa430ffefc961980cbd547234df1a7d95fdb99a0e";
    private const string SharedSecret = "d64d6cac9a6ff4de309891d78f08135531917fecb4fbc84e5dd5a630b2f95aa5";
    private const string SessionSeed = "d2e14f1d46fe6caee00e70f816f0607ff617920ba987374fff4738f7d7241887";
    private const string TrafficSeed = "784880f4acaf46576d3b1d7adbe5d5da5d4993216e21756f70915912511b94cc";

    [Test]
    public void The_context_strings_are_those_of_the_profile()
    {
        Assert.That(
            Encoding.UTF8.GetString(Info()),
            Is.EqualTo($"sage/hpke-info|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx={Context}|init={Initiator}|resp={Responder}"));
        Assert.That(
            Encoding.UTF8.GetString(ExportContext()),
            Is.EqualTo($"sage/hpke-export|v1|suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1|ctx={Context}"));
    }

    [Test]
    public void The_two_secrets_combine_into_the_seed()
    {
        byte[] seed = new byte[32];
        KeySchedule.Seed(
            Hex("3cc24f49ae4b1a1d8d88e731c94b2b0a16219e18d768340e3ed70763d24a3117"),
            Hex("3b387ad1d1a804baeaf2ed5befc0700b658f3b1ef5e2cdea154d8394b46ab2fe"),
            ExportContext(), seed);
        Assert.That(Convert.ToHexStringLower(seed), Is.EqualTo("9cd088d0a498d8b4273ce5b9dfa10f7f5e7ba39a57a9020b5aa601b02e4fe939"));
    }

    [TestCase("SAGE-c2s:key", "79e8e3e207a92cb313aebc567fd041440c4d14c744e338bbc93fffda1dbe9463")]
    [TestCase("SAGE-c2s:iv", "2c5137ea7b8929e68f796ff9")]
    [TestCase("SAGE-s2c:key", "1fa235e42cefbc361cbd9c386c61cdfc040b58efa40884c2817ccf31065735a1")]
    [TestCase("SAGE-s2c:iv", "fe1252ad7365ef34b5c6f2d7")]
    [TestCase("SAGE-cb-v1", "11a4062b7930da3a4e70360c797db0cc52b8604ed0a8d68d5d875230f3b64c78")]
    public void The_counter_expansion_gives_the_traffic_keys(string label, string expected)
    {
        byte[] output = new byte[expected.Length / 2];
        KeySchedule.CounterExpand(Hex(TrafficSeed), Encoding.ASCII.GetBytes(label), output);
        Assert.That(Convert.ToHexStringLower(output), Is.EqualTo(expected));
    }

    [Test]
    public void The_acknowledgement_tag_binds_the_transcript()
    {
        byte[] hash = new byte[32];
        byte[] tag = new byte[32];
        KeySchedule.TranscriptHash(
            Info(), ExportContext(),
            Hex("b8e75e3e80224dd6a1370ef691220dc03aa6d7b52ddb6a32073c2bf01226bef9"),
            Hex("b67c7379762339770c47a6abc4a338770983f9a26dd574bcc911ad3e20a8f201"),
            Hex("a675eb6930a8e115e288a19caec4b390f624bbc56430d58bfa490e41b497defa"),
            Initiator, Responder, hash);
        KeySchedule.AckTag(Hex(TrafficSeed), Context, "9c1d2e3f-4a5b-6c7d-8e9f-0a1b2c3d4e5f", "kid-3f6a9c12-8b7e-4d21-a5c4-0e1f2a3b4c5d", hash, tag);
        Assert.That(Convert.ToHexStringLower(tag), Is.EqualTo("8aa4fcf3df49d77fc516551dc0d7cfcb8103898ad2312a957b0842cc21438e57"));
    }

    [TestCase(EphemeralA, EphemeralB)]
    [TestCase(EphemeralB, EphemeralA)]
    public void The_salted_seed_does_not_depend_on_the_order_of_the_keys(string first, string second)
    {
        byte[] seed = new byte[32];
        byte[] id = new byte[KeySchedule.SessionIdSize];
        KeySchedule.SaltedSeed(Hex(SharedSecret), Context, Hex(first), Hex(second), seed);
        KeySchedule.SessionId(seed, id);
        Assert.That(Convert.ToHexStringLower(seed), Is.EqualTo(SessionSeed));
        Assert.That(Encoding.ASCII.GetString(id), Is.EqualTo("GelgDHw0KS4rTteOoVwsNg"));
    }

    [TestCase("0000000000000000cf531e6185e18849006070e86f25ac5fd1723a2a2987172e554ac37736a225aba1d0790ed47068174843226f6a59")]
    [TestCase("0000000000000100524679f06f463f6a1fdeac15b9b2acf18ab2687619ea1ff52574d46ee77b2a0311fa8e6406b23feefabf4c4abbea")]
    public void A_record_under_the_shared_key_opens(string record)
    {
        using SessionCipher cipher = SessionCipher.CreateShared(Hex(SessionSeed), TimeProvider.System);
        Assert.That(Open(cipher, record, ""), Is.EqualTo("hello from agent A"));
    }

    [Test]
    public void A_directional_record_opens_at_the_responder()
    {
        using SessionCipher cipher = SessionCipher.Create(Hex(SessionSeed), isInitiator: false, TimeProvider.System);
        Assert.That(
            Open(cipher, "0000000000000000582f16f7135ce49952ac28062ca4425cce2233b9924bfc7b279187ba314ebb1fdec998af63e3913e07178c76d992", ""),
            Is.EqualTo("hello from agent B"));
    }

    [Test]
    public void A_record_with_additional_data_opens_with_it_only()
    {
        const string Record = "00000000000000017ffc53565a0da022edee719be09e5244558fb4d8dd67ad031fc23ad81499972301987233e84709cfaf609f0f4d38";
        using SessionCipher cipher = SessionCipher.Create(Hex(SessionSeed), isInitiator: false, TimeProvider.System);
        Assert.That(Open(cipher, Record, "aad:message-2"), Is.Null);
        Assert.That(Open(cipher, Record, ""), Is.Null);
        Assert.That(Open(cipher, Record, "aad:message-1"), Is.EqualTo("hello from agent B"));
    }

    private static string? Open(SessionCipher cipher, string record, string aad)
    {
        byte[] plaintext = new byte[(record.Length / 2) - SessionCipher.Overhead];
        return cipher.TryOpen(Hex(record), Encoding.UTF8.GetBytes(aad), plaintext, out int written) == RecordResult.Opened
            ? Encoding.UTF8.GetString(plaintext, 0, written)
            : null;
    }

    private static byte[] Info() => KeySchedule.Info(Context, Initiator, Responder, new byte[KeySchedule.MaxContextText]).ToArray();

    private static byte[] ExportContext() => KeySchedule.ExportContext(Context, new byte[KeySchedule.MaxContextText]).ToArray();

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
