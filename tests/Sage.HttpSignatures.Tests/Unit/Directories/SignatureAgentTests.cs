using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit.Directories;

[TestFixture]
internal sealed class SignatureAgentTests
{
    [Test]
    public void A_dictionary_has_a_member_per_label()
    {
        IReadOnlyList<SignatureAgent> agents = Read("a=\"https://one.example\", b=\"https://two.example/keys.json\";type=jwks_uri", "c=\"https://three.example/card\";type=\"cimd\"");

        Assert.That(agents.Select(agent => agent.Label), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(agents.Select(agent => agent.Type), Is.EqualTo(new[] { SignatureAgentType.Directory, SignatureAgentType.JwksUri, SignatureAgentType.Cimd }));
        Assert.That(agents.Select(agent => agent.Identifier), Is.EqualTo(new[]
        {
            "https://one.example/.well-known/http-message-signatures-directory", "https://two.example/keys.json", "https://three.example/card",
        }));
    }

    [TestCase("\"https://bot.example\"")]
    [TestCase("  \"https://bot.example\"")]
    [TestCase("\"https://bot.example\";unknown")]
    public void A_bare_string_is_one_member_without_a_label(string line)
    {
        SignatureAgent agent = Read(line).Single();

        Assert.That((agent.Label, agent.Uri, agent.Type), Is.EqualTo((string.Empty, new Uri("https://bot.example"), SignatureAgentType.Directory)));
    }

    [Test]
    public void A_field_without_lines_has_no_members() => Assert.That(Read(), Is.Empty);

    [TestCase("a=\"https://bot.example\";type=other, b=\"https://bot.example\"")]
    [TestCase("a=\"not a url\";type=other, b=\"https://bot.example\"")]
    [TestCase("a=12;type=other, b=\"https://bot.example\"")]
    [TestCase("a=(1 2);type=other, b=\"https://bot.example\"")]
    [TestCase("a=\"https://bot.example\";type=1, b=\"https://bot.example\"")]
    [TestCase("a=\"https://bot.example\";type, b=\"https://bot.example\"")]
    [TestCase("a=\"https://bot.example\";type=DIRECTORY, b=\"https://bot.example\"")]
    [TestCase("a=\"https://bot.example\";type=\"\", b=\"https://bot.example\"")]
    public void A_member_of_an_unknown_type_is_ignored(string line) => Assert.That(Read(line).Single().Label, Is.EqualTo("b"));

    [TestCase("a=\"http://bot.example\"")]
    [TestCase("a=\"https://bot.example/\"")]
    [TestCase("a=\"https://bot.example/path\"")]
    [TestCase("a=\"https://bot.example?query\"")]
    [TestCase("a=\"https://bot.example#fragment\"")]
    [TestCase("a=\"https://bot.example#\"")]
    [TestCase("a=\"https://user@bot.example\"")]
    [TestCase("a=\"https://@bot.example\"")]
    [TestCase("a=\"https://bot.example\\\\path\"")]
    [TestCase("a=\"https:\\\\\\\\bot.example\"")]
    [TestCase("a=\"https:bot.example\"")]
    [TestCase("a=\" https://bot.example\"")]
    [TestCase("a=\"https://bot.example \"")]
    [TestCase("a=\"https://bot%2eexample\"")]
    [TestCase("a=\"https://b*t.example\"")]
    [TestCase("a=\"https://[fe80::1%25eth0]\"")]
    [TestCase("a=\"https://\"")]
    [TestCase("a=\"https://bot.example:99999\"")]
    [TestCase("a=\"javascript://bot.example\"")]
    [TestCase("a=\"bot.example\"")]
    [TestCase("a=\"\"")]
    [TestCase("a=https://bot.example")]
    [TestCase("a=:aHR0cHM6Ly9ib3QuZXhhbXBsZQ==:")]
    [TestCase("a=%\"https://bot.example\"")]
    [TestCase("a=(\"https://bot.example\")")]
    [TestCase("a")]
    [TestCase("a=\"https://bot.example/keys#f\";type=jwks_uri")]
    [TestCase("a=\"https://u:p@bot.example/keys\";type=jwks_uri")]
    [TestCase("a=\"https://bot.example/k|eys\";type=jwks_uri")]
    [TestCase("a=\"https://bot.example/%zz\";type=jwks_uri")]
    [TestCase("a=\"http://bot.example/card\";type=cimd")]
    public void A_value_that_its_type_does_not_allow_makes_the_field_malformed(string line) => Refused(line);

    [TestCase("a=\"https://bot.example\", a=\"https://other.example\"")]
    [TestCase("a=\"https://bot.example\";type=jwks_uri;type=directory")]
    [TestCase("\"https://bot.example\", \"https://other.example\"")]
    [TestCase("A=\"https://bot.example\"")]
    [TestCase("a=\"https://bot.example")]
    [TestCase("a=\"https://bot.example\",")]
    [TestCase("<html>")]
    public void A_field_that_is_not_a_dictionary_of_different_labels_is_refused(string line) => Refused(line);

    [Test]
    public void Eight_members_are_read_and_nine_are_not()
    {
        string[] members = [.. Enumerable.Range(0, 9).Select(i => $"a{i}=\"https://bot.example\"")];

        Assert.That(Read(string.Join(",", members[..8])), Has.Count.EqualTo(8));
        Assert.That(Read(members[..8]), Has.Count.EqualTo(8));
        Refused(string.Join(",", members));
        Refused(members);
    }

    [Test]
    public void A_field_of_2048_characters_is_read_and_a_longer_one_is_not()
    {
        string start = "a=\"https://bot.example/";
        string end = "\";type=jwks_uri";
        string path = new('x', SignatureAgent.MaxFieldLength - start.Length - end.Length);

        Assert.That(Read(start + path + end), Has.Count.EqualTo(1));
        Refused(start + path + "x" + end);
    }

    [Test]
    public void Plain_http_is_read_only_under_a_policy_that_allows_it()
    {
        string[] lines = ["a=\"http://127.0.0.1:8080\""];

        Assert.That(SignatureAgent.TryParse(lines, new EndpointPolicy { AllowHttp = true }, out IReadOnlyList<SignatureAgent> agents));
        Assert.That(agents.Single().Identifier, Is.EqualTo("http://127.0.0.1:8080/.well-known/http-message-signatures-directory"));
        Assert.That(SignatureAgent.TryParse(lines, new EndpointPolicy { AllowLoopback = true }, out _), Is.False);
    }

    [TestCase("https://BOT.Example:443", SignatureAgentType.Directory, "https://bot.example/.well-known/http-message-signatures-directory")]
    [TestCase("https://bot.example:8443", SignatureAgentType.Directory, "https://bot.example:8443/.well-known/http-message-signatures-directory")]
    [TestCase("https://bot.example", SignatureAgentType.JwksUri, "https://bot.example/")]
    [TestCase("https://bot.example/%7ekeys/./a/../%c3%a4", SignatureAgentType.JwksUri, "https://bot.example/~keys/%C3%A4")]
    [TestCase("https://bot.example/a%2fb", SignatureAgentType.JwksUri, "https://bot.example/a%2Fb")]
    [TestCase("https://bot.example/Keys?version=1", SignatureAgentType.JwksUri, "https://bot.example/Keys")]
    [TestCase("https://bot.example/a//b/", SignatureAgentType.Cimd, "https://bot.example/a//b/")]
    [TestCase("https://[2606:4700:0:0::1111]", SignatureAgentType.Directory, "https://[2606:4700::1111]/.well-known/http-message-signatures-directory")]
    public void The_identifier_is_normalised_and_has_no_query(string url, SignatureAgentType type, string identifier) =>
        Assert.That(Read(SignatureAgent.Format("a", new Uri(url), type: type)).Single().Identifier, Is.EqualTo(identifier));

    [Test]
    public void Either_form_is_written_as_it_is_read()
    {
        Uri origin = new("https://bot.example");

        Assert.That(SignatureAgent.Format("sig1", origin), Is.EqualTo("sig1=\"https://bot.example\""));
        Assert.That(SignatureAgent.Format("sig1", origin, SignatureAgentForm.Legacy), Is.EqualTo("\"https://bot.example\""));
        Assert.That(
            SignatureAgent.Format("sig1", new Uri("https://bot.example/card"), type: SignatureAgentType.Cimd),
            Is.EqualTo("sig1=\"https://bot.example/card\";type=cimd"));
    }

    [TestCase("Sig1", "https://bot.example", SignatureAgentForm.Dictionary, SignatureAgentType.Directory)]
    [TestCase("", "https://bot.example", SignatureAgentForm.Dictionary, SignatureAgentType.Directory)]
    [TestCase("a", "https://bot.example/path", SignatureAgentForm.Dictionary, SignatureAgentType.Directory)]
    [TestCase("a", "https://user@bot.example", SignatureAgentForm.Legacy, SignatureAgentType.Directory)]
    [TestCase("a", "https://bot.example/keys", SignatureAgentForm.Legacy, SignatureAgentType.JwksUri)]
    [TestCase("a", "https://bot.example/keys#f", SignatureAgentForm.Dictionary, SignatureAgentType.JwksUri)]
    [TestCase("a", "ftp://bot.example/keys", SignatureAgentForm.Dictionary, SignatureAgentType.JwksUri)]
    [TestCase("a", "/keys", SignatureAgentForm.Dictionary, SignatureAgentType.JwksUri)]
    public void What_could_not_be_read_is_not_written(string label, string url, SignatureAgentForm form, SignatureAgentType type) =>
        Assert.That(() => SignatureAgent.Format(label, new Uri(url, UriKind.RelativeOrAbsolute), form, type), Throws.ArgumentException);

    private static IReadOnlyList<SignatureAgent> Read(params string[] lines)
    {
        Assert.That(SignatureAgent.TryParse(lines, out IReadOnlyList<SignatureAgent> agents), string.Join('\n', lines));
        return agents;
    }

    private static void Refused(params string[] lines)
    {
        Assert.That(SignatureAgent.TryParse(lines, out IReadOnlyList<SignatureAgent> agents), Is.False);
        Assert.That(agents, Is.Empty);
    }
}
