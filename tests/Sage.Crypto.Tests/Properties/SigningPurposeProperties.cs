using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Sage.Crypto.Tests.Properties;

/// <summary>No bytes have the shape of two purposes, so a signature made for one is never one for another.</summary>
[TestFixture]
public sealed class SigningPurposeProperties
{
    private static readonly SigningPurpose[] Purposes = Enum.GetValues<SigningPurpose>();

    private static readonly string[] InitiationMembers = ["initDid", "respDid", "info", "exportCtx", "nonce", "ts", "enc", "ephC"];

    private static readonly string[] ResponseMembers =
        ["ackTagB64", "ctx", "did", "enc", "ephC", "ephS", "exportCtxHash", "infoHash", "kid", "task", "ts", "v"];

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public Property A_valid_instance_is_accepted_for_its_purpose_only() =>
        Prop.ForAll(Instances().ToArbitrary(), instance => Purposes.All(p => p.Accepts(instance.Bytes) == (p == instance.Purpose)));

    [FsCheck.NUnit.Property(MaxTest = 5000)]
    public Property A_mutated_instance_has_at_most_one_purpose() =>
        Prop.ForAll(Mutants().ToArbitrary(), bytes => Purposes.Count(p => p.Accepts(bytes)) <= 1);

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public Property Two_instances_glued_together_have_at_most_one_purpose() =>
        Prop.ForAll(
            Instances().Two().ToArbitrary(),
            pair => Purposes.Count(p => p.Accepts([.. pair.Item1.Bytes, .. pair.Item2.Bytes])) <= 1);

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Any_bytes_have_at_most_one_purpose() =>
        Prop.ForAll<byte[]>(bytes => Purposes.Count(p => p.Accepts(bytes)) <= 1);

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public Property What_a_lenient_reader_takes_for_a_protocol_message_is_not_application_data() =>
        Prop.ForAll(LenientVariants().ToArbitrary(), bytes => !SigningPurpose.Application.Accepts(bytes));

    private static Gen<Instance> Instances() => Gen.OneOf(
        Initiation().Select(o => new Instance(SigningPurpose.HandshakeInitiation, Utf8(o))),
        Response().Select(o => new Instance(SigningPurpose.HandshakeResponse, Utf8(o))),
        Card().Select(o => new Instance(SigningPurpose.AgentCard, Utf8(o))),
        Record().Select(b => new Instance(SigningPurpose.SessionRecord, b)),
        HttpBase().Select(t => new Instance(SigningPurpose.HttpMessage, Encoding.UTF8.GetBytes(t))),
        Text().Select(t => new Instance(SigningPurpose.ProofOfPossession, Encoding.UTF8.GetBytes("SAGE-PoP:did:sage:ethereum:" + t + ":00"))),
        Card().Select(o => new Instance(SigningPurpose.RegistryWrite, [.. "SAGE-Registry:v1\n"u8, .. Utf8(o)])),
        Application());

    private static Gen<JsonObject> Initiation() => Strings(InitiationMembers, extra: true);

    private static Gen<JsonObject> Response() => Strings(ResponseMembers, extra: false);

    private static Gen<JsonObject> Card() =>
        from id in Text()
        from keys in Gen.Choose(0, 3)
        from extra in Strings([], extra: true)
        select With(extra, o =>
        {
            o["@context"] = new JsonArray("https://www.w3.org/ns/did/v1");
            o["id"] = id;
            o["type"] = new JsonArray("Agent", "AIAgent");
            o["publicKey"] = new JsonArray([.. Enumerable.Range(0, keys).Select(i => new JsonObject { ["id"] = $"{id}#key-{i}" })]);
        });

    private static Gen<JsonObject> Strings(string[] members, bool extra) =>
        from order in Gen.Shuffle(members)
        from values in Text().ArrayOf(members.Length)
        from more in extra ? Gen.Elements("cookie", "note", "x", "y").ArrayOf(2) : Gen.Constant(Array.Empty<string>())
        from value in Text()
        select With([], o =>
        {
            foreach ((string member, string text) in order.Zip(values))
            {
                o[member] = text;
            }

            foreach (string member in more)
            {
                o[member] = value;
            }
        });

    private static Gen<byte[]> Record() =>
        from sequence in Gen.Choose(0, int.MaxValue)
        from rest in Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(60)
        from length in Gen.Choose(28, 60)
        select (byte[])[0, 0, 0, 0, (byte)(sequence >> 24), (byte)(sequence >> 16), (byte)(sequence >> 8), (byte)sequence, .. rest[..length]];

    private static Gen<string> HttpBase() =>
        from lines in Text().ListOf(3)
        select string.Concat(lines.Select((value, i) => $"\"x-{i}\": {value.Replace('\n', ' ')}\n"))
            + "\"@signature-params\": (\"x-0\");created=1618884473;keyid=\"did:sage:ethereum:0x00\"";

    private static Gen<Instance> Application() =>
        from text in Text()
        where text.Length != 32
        select new Instance(SigningPurpose.Application, Encoding.UTF8.GetBytes("note: " + text + " - and more than thirty-two bytes"));

    private static Gen<byte[]> Mutants() =>
        from instance in Instances()
        from position in Gen.Choose(0, instance.Bytes.Length - 1)
        from value in Gen.Choose(0, 255)
        from kind in Gen.Choose(0, 5)
        select Mutate(instance.Bytes, position, (byte)value, kind);

    private static byte[] Mutate(byte[] bytes, int at, byte value, int kind) => kind switch
    {
        0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
        1 => [.. bytes[..at], .. bytes[(at + 1)..]],
        2 => [.. bytes[..at], value, .. bytes[at..]],
        3 => bytes[..at],
        4 => bytes[at..],
        _ => [.. bytes[at..], .. bytes[..at]],
    };

    private static Gen<byte[]> LenientVariants() =>
        from o in Gen.OneOf(Initiation(), Response(), Card())
        from kind in Gen.Choose(0, 4)
        select Lenient(Encoding.UTF8.GetString(Utf8(o)), kind);

    private static byte[] Lenient(string json, int kind) => Encoding.UTF8.GetBytes(kind switch
    {
        0 => " \r\n\t" + json,
        1 => "\ufeff" + json,
        2 => json[..^1] + ",\"ts\":1,\"ts\":\"twice\"}",
        3 => json[..^1] + ",}",
        _ => json + " trailing",
    });

    private static Gen<string> Text() => Gen.Elements("a", "Z", "0", "{", "}", "\"", "\n", ":", " ", "é", "SAGE-PoP:", "did:", "\\", "\0")
        .ListOf(8).Select(string.Concat);

    private static JsonObject With(JsonObject target, Action<JsonObject> fill)
    {
        fill(target);
        return target;
    }

    private static byte[] Utf8(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());

    private sealed record Instance(SigningPurpose Purpose, byte[] Bytes);
}
