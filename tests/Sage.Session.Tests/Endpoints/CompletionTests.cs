using System.Text;
using System.Text.Json.Nodes;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Session.Tests.Endpoints;

/// <summary>Every completion but the honest one leaves the caller without a session.</summary>
[TestFixture]
internal sealed class CompletionTests
{
    private static readonly string[] Members = ["v", "task", "ctx", "kid", "ephS", "ackTagB64", "ts", "did", "infoHash", "exportCtxHash", "enc", "ephC", "sigB64"];

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (string name in Members)
        {
            yield return Case($"{name} missing", c => c.Remove(name));
            yield return Case($"{name} empty", c => c[name] = "");
            yield return Case($"{name} number", c => c[name] = 1);
            yield return Case($"{name} null", c => c[name] = null);
            yield return Case($"{name} object", c => c[name] = new JsonObject());
            yield return Case($"{name} array", c => c[name] = new JsonArray("x"));
            yield return Case($"{name} oversized", c => c[name] = new string('a', 20_000));
            yield return Case($"{name} other", c => c[name] = StrictBase64.EncodeUrl(new byte[32]));
            yield return Case($"{name} with a character more", c => c[name] = c[name]!.GetValue<string>() + "A");
            yield return Case($"{name} changed", c => c[name] = Change(c[name]!.GetValue<string>()));
        }

        yield return Case("an extra member", c => c["extra"] = "x");
        yield return Case("121 s old", c => c["ts"] = "2026-09-01T11:57:59Z");
        yield return Case("121 s ahead", c => c["ts"] = "2026-09-01T12:02:01Z");
        yield return Case("echoes swapped", c =>
        {
            string enc = c["enc"]!.GetValue<string>();
            c["enc"] = c["ephC"]!.GetValue<string>();
            c["ephC"] = enc;
        });
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_completion_that_differs_is_refused_whether_signed_or_not(Action<JsonObject> bend)
    {
        using TestPair pair = new();
        foreach (bool signed in new[] { false, true })
        {
            pair.Transport.OnAnswer = (message, answer) =>
            {
                JsonObject completion = JsonNode.Parse(answer.Data.Span)!.AsObject();
                string before = completion.ToJsonString();
                string? signature = completion["sigB64"]?.ToJsonString();
                bend(completion);
                Assert.That(completion.ToJsonString(), Is.Not.EqualTo(before));

                // A change of the signature itself cannot be covered by the signature.
                if (signed && completion["sigB64"]?.ToJsonString() == signature)
                {
                    Sign(completion, pair.Callee);
                }

                return WireResponse.Succeeded(message, Encoding.UTF8.GetBytes(completion.ToJsonString()));
            };
            SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
            Assert.That(error!.Error, Is.AnyOf(SessionError.InvalidResponse, SessionError.AuthenticationFailed));
        }

        pair.Transport.OnAnswer = null;
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task The_honest_completion_signed_again_is_accepted()
    {
        using TestPair pair = new();
        pair.Transport.OnAnswer = (message, answer) =>
        {
            JsonObject completion = JsonNode.Parse(answer.Data.Span)!.AsObject();
            Sign(completion, pair.Callee);
            return WireResponse.Succeeded(message, Encoding.UTF8.GetBytes(completion.ToJsonString()));
        };
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Transport.OnAnswer = null;
        Assert.That(await TestPair.AskAsync(session, "hello"), Is.EqualTo("echo:hello"));
    }

    [Test]
    public async Task A_completion_of_another_handshake_is_refused()
    {
        using TestPair pair = new();
        ReadOnlyMemory<byte> first = default;
        pair.Transport.OnAnswer = (_, answer) =>
        {
            first = answer.Data;
            return answer;
        };
        await using AgentSession session = await pair.Client.OpenAsync(pair.Callee.Did);
        pair.Transport.OnAnswer = (message, _) => WireResponse.Succeeded(message, first);
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.AuthenticationFailed));
    }

    [TestCase("{\"success\":true}")]
    [TestCase("{\"success\":true,\"data\":\"\"}")]
    [TestCase("{\"success\":true,\"data\":\"W10=\"}")]
    [TestCase("{\"success\":true,\"data\":\"/w==\"}")]
    public void A_success_without_a_completion_is_refused(string json)
    {
        using TestPair pair = new();
        Assert.That(WireResponse.TryParse(Encoding.UTF8.GetBytes(json), out WireResponse? response), Is.True);
        pair.Transport.OnAnswer = (_, _) => response!;
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await pair.Client.OpenAsync(pair.Callee.Did));
        Assert.That(error!.Error, Is.EqualTo(SessionError.InvalidResponse));
    }

    private static string Change(string value)
    {
        char[] characters = value.ToCharArray();
        int at = characters.Length / 2;
        characters[at] = characters[at] == 'A' ? 'B' : 'A';
        return new string(characters);
    }

    private static void Sign(JsonObject completion, TestAgent agent)
    {
        completion.Remove("sigB64");
        byte[] canonical = JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(completion.ToJsonString()));
        completion["sigB64"] = StrictBase64.EncodeUrl(agent.SignRaw(canonical));
    }

    private static TestCaseData Case(string name, Action<JsonObject> bend) => new TestCaseData(bend).SetArgDisplayNames(name);
}
