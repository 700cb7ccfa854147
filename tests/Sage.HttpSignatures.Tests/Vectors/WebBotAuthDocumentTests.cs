using System.Text;
using System.Text.Json;
using Sage.Crypto;
using Sage.Tests;

namespace Sage.HttpSignatures.Tests.Vectors;

/// <summary>The documents and fields of the Web Bot Auth vectors; signatures are elsewhere.</summary>
[TestFixture]
internal sealed class WebBotAuthDocumentTests
{
    [Test]
    public void Each_signature_agent_field_has_the_members_it_should()
    {
        int right = 0;
        foreach (JsonElement test in Vectors("signature_agent_header"))
        {
            Assert.That(SignatureAgent.TryParse([Text(test, "header")], out IReadOnlyList<SignatureAgent> agents));
            (string, string, string)[] expected = [.. test.GetProperty("entries").EnumerateArray().Select(entry => (Text(entry, "label"), Text(entry, "uri"), Text(entry, "type")))];
            Assert.That(agents.Select(agent => (agent.Label, agent.Uri.OriginalString, TypeName(agent.Type))), Is.EqualTo(expected));
            Assert.That(SignatureAgent.Format(agents[0].Label, agents[0].Uri, type: agents[0].Type), Is.EqualTo(Text(test, "header")));
            right++;
        }

        Assert.That(right, Is.EqualTo(3));
    }

    [Test]
    public void The_agents_of_signed_requests_are_read_in_both_forms()
    {
        JsonElement[] requests = [.. Vectors("architecture_v1_legacy"), .. Vectors("architecture_v2")];
        string[] fields = [.. requests.Where(request => request.TryGetProperty("signature_agent", out _)).Select(request => Text(request, "signature_agent"))];
        SignatureAgent[] agents = [.. fields.SelectMany(field => SignatureAgent.TryParse([field], out IReadOnlyList<SignatureAgent> read) ? read : [])];

        Assert.That(agents.Select(agent => agent.Label), Is.EqualTo(new[] { "", "", "agent2", "agent2" }));
        Assert.That(agents.Select(agent => agent.Identifier).Distinct(), Is.EqualTo(new[] { "https://signature-agent.test" + KeyDirectory.WellKnownPath }));
    }

    [Test]
    public void The_signed_directory_holds_the_key_that_signs_it()
    {
        string body = Vectors("draft_protocol_02_vectors").Single(test => Text(test, "title") == "Signed Directory Response")
            .GetProperty("other").EnumerateArray().Select(line => line.GetString()!).Single(line => line.StartsWith('{'));

        Assert.That(KeyDirectory.TryParse(Encoding.UTF8.GetBytes(body), out KeyDirectory? directory));
        Assert.That(directory!.Keys.Select(key => key.Thumbprint), Is.EqualTo(new[] { "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U" }));
    }

    [Test]
    public void Each_card_is_judged_as_it_should_be()
    {
        int right = 0;
        foreach (JsonElement test in Vectors("signature_agent_card"))
        {
            string card = test.GetProperty("card").GetRawText();
            bool valid = ClientMetadata.TryParse(Encoding.UTF8.GetBytes(card), Text(test, "url"), allowHttp: false, out ClientMetadata? metadata);
            Assert.That(valid, Is.EqualTo(test.GetProperty("valid").GetBoolean()), card);
            Assert.That(metadata?.Keys?.Keys.Count ?? 0, Is.EqualTo(Text(test, "name") == "jwks-card" ? 1 : 0));
            Assert.That(metadata?.KeysUrl is not null, Is.EqualTo(Text(test, "name") == "jwks-uri-card"));
            right++;
        }

        Assert.That(right, Is.EqualTo(4));
    }

    [Test]
    public void Every_card_of_a_registry_can_be_named_by_a_request()
    {
        string[] cards = [.. Vectors("registry").SelectMany(test => test.GetProperty("signature_agent_cards").EnumerateArray()).Select(card => card.GetString()!)];
        foreach (string card in cards)
        {
            Assert.That(SignatureAgent.TryParse([SignatureAgent.Format("a", new Uri(card), type: SignatureAgentType.Cimd)], out IReadOnlyList<SignatureAgent> agents));
            Assert.That(agents.Single().Identifier, Is.EqualTo(card));
        }

        Assert.That(cards, Has.Length.EqualTo(3));
    }

    [Test]
    public void Thumbprints_are_those_of_the_vectors()
    {
        int known = 0;
        foreach (JsonElement test in Vectors("jwk_thumbprint"))
        {
            if (Jwk.TryImportPublicKey(Encoding.UTF8.GetBytes(Text(test, "jwk")), out PublicKey? key))
            {
                Assert.That(key.Thumbprint, Is.EqualTo(Text(test, "thumbprint")));
                known++;
            }
        }

        Assert.That(known, Is.GreaterThanOrEqualTo(1));
    }

    private static string TypeName(SignatureAgentType type) => type switch
    {
        SignatureAgentType.JwksUri => "jwks_uri",
        SignatureAgentType.Cimd => "cimd",
        _ => "directory",
    };

    private static JsonElement[] Vectors(string group)
    {
        using JsonDocument document = ConformanceData.Json("web-bot-auth", "vectors.json");
        return [.. document.RootElement.GetProperty(group).EnumerateArray().Select(element => element.Clone())];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
